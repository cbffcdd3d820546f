/// Which examples share a row of a fixed length.
public enum RowPacking {
  /// Best fit, longest first: each example goes into the row that it fills best, and a new row begins
  /// where it fits in none.
  ///
  /// Of two rows at most one is less than half full, and mostly all are nearly full. Takes
  /// O(n log n + n·capacity/64) steps at worst.
  ///
  /// - Parameters:
  ///   - lengths: The lengths of the examples. One that is longer than a row gets a row of its own.
  ///   - capacity: The length of a row, at least 1.
  /// - Returns: The rows, each the indices of its examples in rising order; rows are in the order of
  ///   their first examples.
  public static func bestFitDecreasing(_ lengths: [Int], capacity: Int) -> [[Int]] {
    let order = lengths.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    var rows: [[Int]] = []
    var rooms = RoomTable(capacity: max(capacity, 1))
    for index in order {
      let length = max(lengths[index], 0)
      if let (row, room) = rooms.take(atLeast: length) {
        rows[row].append(index)
        rooms.put(row, room: room - length)
      } else {
        rows.append([index])
        rooms.put(rows.count - 1, room: capacity - length)
      }
    }
    for row in rows.indices { rows[row].sort() }
    return rows.sorted { ($0.first ?? 0) < ($1.first ?? 0) }
  }
}

/// Rows by the room that they have left.
private struct RoomTable {
  private var rows: [[Int]]
  /// A bit for each room that some row has.
  private var words: [UInt64]

  init(capacity: Int) {
    rows = Array(repeating: [], count: capacity + 1)
    words = Array(repeating: 0, count: capacity / 64 + 1)
  }

  /// Takes out a row with the least room that is enough; of several, the latest.
  mutating func take(atLeast room: Int) -> (row: Int, room: Int)? {
    guard room < rows.count, let found = next(from: room), let row = rows[found].popLast() else {
      return nil
    }
    if rows[found].isEmpty { words[found / 64] &= ~(1 << UInt64(found % 64)) }
    return (row, found)
  }

  /// Puts a row back. A full row is never asked for again.
  mutating func put(_ row: Int, room: Int) {
    guard room > 0, room < rows.count else { return }
    rows[room].append(row)
    words[room / 64] |= 1 << UInt64(room % 64)
  }

  private func next(from start: Int) -> Int? {
    var index = start / 64
    var word = words[index] & (UInt64.max << UInt64(start % 64))
    while word == 0 {
      index += 1
      if index == words.count { return nil }
      word = words[index]
    }
    return index * 64 + word.trailingZeroBitCount
  }
}
