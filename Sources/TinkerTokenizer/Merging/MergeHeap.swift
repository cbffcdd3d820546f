/// A binary heap of merges: the rank above, the place below, so that the least word is the merge of
/// least rank, the leftmost of equals.
struct MergeHeap: Sendable {
  private static let placeBits: UInt64 = 44

  private var words: [UInt64] = []

  mutating func removeAll() { words.removeAll(keepingCapacity: true) }

  /// Adds a merge without keeping the order; ``heapify()`` must follow.
  mutating func append(rank: UInt32, place: Int) { words.append(Self.word(rank, place)) }

  /// Brings the words into order, in linear time.
  mutating func heapify() {
    var index = words.count / 2
    while index > 0 {
      index -= 1
      sink(index)
    }
  }

  mutating func push(rank: UInt32, place: Int) {
    words.append(Self.word(rank, place))
    var index = words.count &- 1
    while index > 0 {
      let parent = (index &- 1) &>> 1
      if words[parent] <= words[index] { return }
      words.swapAt(parent, index)
      index = parent
    }
  }

  mutating func popMinimum() -> (rank: UInt32, place: Int)? {
    guard let last = words.popLast() else { return nil }
    var least = last
    if !words.isEmpty {
      least = words[0]
      words[0] = last
      sink(0)
    }
    let place = Int(truncatingIfNeeded: least & (1 &<< Self.placeBits &- 1))
    return (UInt32(truncatingIfNeeded: least &>> Self.placeBits), place)
  }

  private mutating func sink(_ start: Int) {
    var index = start
    while true {
      var child = 2 &* index &+ 1
      if child >= words.count { return }
      if child &+ 1 < words.count, words[child &+ 1] < words[child] { child &+= 1 }
      if words[index] <= words[child] { return }
      words.swapAt(index, child)
      index = child
    }
  }

  private static func word(_ rank: UInt32, _ place: Int) -> UInt64 {
    UInt64(rank) &<< placeBits | UInt64(truncatingIfNeeded: place)
  }
}
