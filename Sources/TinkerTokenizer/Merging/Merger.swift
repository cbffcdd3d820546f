/// Merges the symbols of one piece: among all neighbours that have a rule the one of least rank
/// first, the leftmost of equals.
///
/// Short pieces scan for the minimum; longer ones keep a heap of (rank, position), which makes the
/// time n log n for any input. All paths read the same ``MergeTable``.
struct Merger: ~Copyable, Sendable {
  /// Pieces of up to this many symbols scan for the minimum; longer ones use the heap.
  static let scanLimit = 48

  /// The tokens of the last piece, at the start.
  private(set) var symbols: [UInt32] = []
  /// For each token the place of its first symbol.
  private(set) var starts: [Int] = []

  private var ranks: [UInt32] = []
  private var next: [Int] = []
  private var previous: [Int] = []
  private var heap = MergeHeap()

  /// Merges bytes; the tokens are the first `count` of `symbols`.
  mutating func merge(
    bytes: Span<UInt8>, byteIDs: [UInt32], _ table: MergeTable
  ) -> Int {
    let count = bytes.count
    prepare(count)
    for index in 0..<count { symbols[index] = byteIDs[Int(bytes[index])] }
    unsafe table.withKernel { kernel in
      for index in 0..<max(count - 1, 0) {
        ranks[index] = unsafe kernel.rank(bytes: bytes[index], bytes[index &+ 1])
      }
    }
    return mergeRanked(count, table)
  }

  /// Merges symbols; the tokens are the first `count` of `symbols`.
  mutating func merge(symbols ids: [UInt32], _ table: MergeTable) -> Int {
    let count = ids.count
    prepare(count)
    for index in 0..<count { symbols[index] = ids[index] }
    unsafe table.withKernel { kernel in
      for index in 0..<max(count - 1, 0) {
        ranks[index] = unsafe kernel.rank(symbols[index], symbols[index &+ 1])
      }
    }
    return mergeRanked(count, table)
  }

  private mutating func prepare(_ count: Int) {
    if symbols.count < count {
      symbols.append(contentsOf: repeatElement(0, count: count - symbols.count))
    }
    if ranks.count < symbols.count {
      let missing = symbols.count - ranks.count
      ranks.append(contentsOf: repeatElement(0, count: missing))
      starts.append(contentsOf: repeatElement(0, count: missing))
    }
  }

  private mutating func mergeRanked(_ count: Int, _ table: MergeTable) -> Int {
    if count < 2 {
      if count == 1 { starts[0] = 0 }
      return count
    }
    ranks[count - 1] = MergeTable.none
    return count <= Self.scanLimit ? scan(count, table) : drain(count, table)
  }

  /// Finds the minimum anew in each round, and closes the gap.
  private mutating func scan(_ total: Int, _ table: MergeTable) -> Int {
    unsafe table.withKernel { kernel in
      var count = total
      for index in 0..<count { starts[index] = index }
      while count > 1 {
        var best = MergeTable.none
        var place = 0
        for index in 0..<count &- 1 where ranks[index] < best {
          best = ranks[index]
          place = index
        }
        if best == MergeTable.none { break }
        symbols[place] = unsafe kernel.result(best)
        var index = place &+ 1
        while index < count &- 1 {
          symbols[index] = symbols[index &+ 1]
          ranks[index] = ranks[index &+ 1]
          starts[index] = starts[index &+ 1]
          index &+= 1
        }
        count &-= 1
        ranks[place] =
          place &+ 1 < count
          ? unsafe kernel.rank(symbols[place], symbols[place &+ 1]) : MergeTable.none
        if place > 0 {
          ranks[place &- 1] = unsafe kernel.rank(symbols[place &- 1], symbols[place])
        }
      }
      return count
    }
  }

  /// Takes the minimum from a heap; entries whose place has changed meanwhile are passed over.
  private mutating func drain(_ count: Int, _ table: MergeTable) -> Int {
    if next.count < count {
      let missing = count - next.count
      next.append(contentsOf: repeatElement(0, count: missing))
      previous.append(contentsOf: repeatElement(0, count: missing))
    }
    heap.removeAll()
    unsafe table.withKernel { kernel in
      for index in 0..<count {
        next[index] = index &+ 1
        previous[index] = index &- 1
        if ranks[index] != MergeTable.none { heap.append(rank: ranks[index], place: index) }
      }
      heap.heapify()
      while let (rank, place) = heap.popMinimum() {
        // A place's pair never comes back once it has changed, because tokens only grow.
        if ranks[place] != rank { continue }
        let taken = next[place]
        symbols[place] = unsafe kernel.result(rank)
        ranks[taken] = MergeTable.none
        let after = next[taken]
        next[place] = after
        if after < count {
          previous[after] = place
          let rank = unsafe kernel.rank(symbols[place], symbols[after])
          ranks[place] = rank
          if rank != MergeTable.none { heap.push(rank: rank, place: place) }
        } else {
          ranks[place] = MergeTable.none
        }
        let before = previous[place]
        if before >= 0 {
          let rank = unsafe kernel.rank(symbols[before], symbols[place])
          ranks[before] = rank
          if rank != MergeTable.none { heap.push(rank: rank, place: before) }
        }
      }
    }
    var kept = 0
    var index = 0
    while index < count {
      symbols[kept] = symbols[index]
      starts[kept] = index
      kept += 1
      index = next[index]
    }
    return kept
  }

  /// Gives back what one very long piece has taken.
  mutating func shrink() {
    guard symbols.count > 1 << 16 else { return }
    symbols = []
    starts = []
    ranks = []
    next = []
    previous = []
    heap = MergeHeap()
  }
}
