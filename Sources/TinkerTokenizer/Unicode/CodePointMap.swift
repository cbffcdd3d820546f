/// Code points for some code points: decompositions, lower case.
struct CodePointMap: Sendable {
  private var keys: [UInt32] = []
  private var ends: [UInt32] = []
  private var values: [UInt32] = []

  /// A map from a generated table: distance of the key, number of values, values.
  init(_ entries: StaticString) {
    var numbers = PackedNumbers(entries)
    var key: UInt32 = 0
    while let distance = numbers.next(), let count = numbers.next() {
      key += distance
      for _ in 0..<count { values.append(numbers.next() ?? 0) }
      keys.append(key)
      ends.append(UInt32(truncatingIfNeeded: values.count))
    }
  }

  /// The values of a key, or `nil`.
  subscript(key: UInt32) -> ArraySlice<UInt32>? {
    var low = 0
    var high = keys.count
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    guard low < keys.count, keys[low] == key else { return nil }
    return values[(low == 0 ? 0 : Int(ends[low - 1]))..<Int(ends[low])]
  }

  /// Every key with its values, in ascending order of the keys.
  func forEach(_ body: (UInt32, ArraySlice<UInt32>) -> Void) {
    var start = 0
    for (key, end) in zip(keys, ends) {
      body(key, values[start..<Int(end)])
      start = Int(end)
    }
  }
}
