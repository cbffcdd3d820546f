/// Merges any number of symbols: linked symbols and a heap of pairs. Entries of pairs that are no
/// longer there are passed over when they come up.
enum HeapMergeKernel {
  /// Merges; every place is below `count`.
  static func merge(
    _ count: Int, _ memory: MergeBuffer.Pointers, _ kernel: MergeKernel
  ) -> Int {
    let symbols = unsafe memory.symbols
    let ranks = unsafe memory.ranks
    let next = unsafe memory.next
    let previous = unsafe memory.previous
    var heap = MergeHeap()
    for index in 0..<count {
      unsafe next[index] = UInt32(truncatingIfNeeded: index &+ 1)
      unsafe previous[index] = UInt32(truncatingIfNeeded: index &- 1)
      let rank = unsafe ranks[index]
      if rank != MergeTable.none { heap.append(rank: rank, place: index) }
    }
    heap.heapify()
    var lastTaken = 0
    while let (rank, place) = heap.popMinimum() {
      // A place's pair never comes back once it has changed, because tokens only grow.
      if unsafe ranks[place] != rank { continue }
      let taken = unsafe Int(next[place])
      let after = unsafe Int(next[taken])
      lastTaken = taken
      let token = unsafe kernel.result(rank)
      unsafe symbols[place] = token
      unsafe ranks[taken] = MergeTable.none
      unsafe ranks[place] = MergeTable.none
      unsafe next[place] = UInt32(truncatingIfNeeded: after)
      if after < count {
        unsafe previous[after] = UInt32(truncatingIfNeeded: place)
        let rank = unsafe kernel.rank(token, symbols[after])
        unsafe ranks[place] = rank
        if rank != MergeTable.none { heap.push(rank: rank, place: place) }
      }
      if place > 0 {
        let before = unsafe Int(previous[place])
        let rank = unsafe kernel.rank(symbols[before], token)
        unsafe ranks[before] = rank
        if rank != MergeTable.none { heap.push(rank: rank, place: before) }
      }
    }
    unsafe ranks[0] = UInt32(truncatingIfNeeded: lastTaken)
    var kept = 0
    var place = 0
    while place < count {
      unsafe symbols[kept] = unsafe symbols[place]
      unsafe memory.starts[kept] = UInt32(truncatingIfNeeded: place)
      kept &+= 1
      place = unsafe Int(next[place])
    }
    return kept
  }
}
