/// Merges up to 256 symbols. The pairs lie in blocks of 16 lanes, `rank << 8 | place`, with the
/// minimum of each block beside them; symbols are linked.
enum BlockMergeKernel {
  /// The most symbols.
  static let limit = 256

  private static let none: Int32 = .max

  @inline(__always)
  private static func lane(_ rank: UInt32, _ place: Int) -> UInt32 {
    rank == MergeTable.none
      ? UInt32(bitPattern: none) : rank &<< 8 | UInt32(truncatingIfNeeded: place)
  }

  /// The least of 16 lanes.
  @inline(__always)
  private static func minimum(_ lanes: UnsafeMutablePointer<UInt32>) -> Int32 {
    let lanes = unsafe UnsafeRawPointer(lanes).assumingMemoryBound(to: Int32.self)
    return unsafe MergeLanes(at: lanes).minimum
  }

  /// Merges; places are below 256, and lane 256 is one that nobody looks at.
  static func merge(
    _ count: Int, _ memory: MergeBuffer.Pointers, _ kernel: MergeKernel
  ) -> Int {
    let lanes = unsafe memory.lanes
    let symbols = unsafe memory.symbols
    let next = unsafe memory.next
    let previous = unsafe memory.previous
    // The ranks are not needed once they are in the lanes; the minima of the blocks take their place.
    let minima = unsafe memory.ranks
    let gone = UInt32(bitPattern: none)
    let blockCount = (count &+ 15) &>> 4
    for index in 0..<count {
      unsafe lanes[index] = unsafe lane(memory.ranks[index], index)
      unsafe next[index] = UInt32(truncatingIfNeeded: index &+ 1)
      unsafe previous[index] = UInt32(truncatingIfNeeded: index &- 1)
    }
    for index in count..<blockCount &<< 4 { unsafe lanes[index] = gone }
    for block in 0..<blockCount {
      let least = unsafe minimum(lanes + block &<< 4)
      unsafe minima[block] = UInt32(bitPattern: least)
    }
    var lastTaken = 0
    while true {
      var best = none
      for block in 0..<blockCount { best = min(best, unsafe Int32(bitPattern: minima[block])) }
      if best == none { break }
      let place = Int(best & 255)
      let token = unsafe kernel.result(UInt32(bitPattern: best) &>> 8)
      let taken = unsafe Int(next[place])
      let after = unsafe Int(next[taken])
      lastTaken = taken
      let before = place == 0 ? limit : unsafe Int(previous[place])
      unsafe symbols[place] = token
      unsafe next[place] = UInt32(truncatingIfNeeded: after)
      if after < count { unsafe kernel.prefetch(token, symbols[after]) }
      if before != limit { unsafe kernel.prefetch(symbols[before], token) }
      // The three pairs leave the race first: the minima of the others do not wait for the tables.
      unsafe lanes[taken] = gone
      unsafe lanes[place] = gone
      unsafe lanes[before] = gone
      unsafe refresh(place &>> 4, lanes, minima)
      if taken &>> 4 != place &>> 4 { unsafe refresh(taken &>> 4, lanes, minima) }
      if before != limit, before &>> 4 != place &>> 4 {
        unsafe refresh(before &>> 4, lanes, minima)
      }
      if after < count {
        unsafe previous[after] = UInt32(truncatingIfNeeded: place)
        unsafe enter(lane(kernel.rank(token, symbols[after]), place), place, lanes, minima)
      }
      if before != limit {
        unsafe enter(lane(kernel.rank(symbols[before], token), before), before, lanes, minima)
      }
    }
    unsafe memory.ranks[0] = UInt32(truncatingIfNeeded: lastTaken)
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

  /// Puts a pair into its lane.
  @inline(__always)
  private static func enter(
    _ lane: UInt32, _ place: Int, _ lanes: UnsafeMutablePointer<UInt32>,
    _ minima: UnsafeMutablePointer<UInt32>
  ) {
    unsafe lanes[place] = lane
    // Lanes are below the sign bit, so they compare as they are.
    unsafe minima[place &>> 4] = unsafe min(minima[place &>> 4], lane)
  }

  /// Takes the minimum of a block anew.
  @inline(__always)
  private static func refresh(
    _ block: Int, _ lanes: UnsafeMutablePointer<UInt32>, _ minima: UnsafeMutablePointer<UInt32>
  ) {
    let least = unsafe minimum(lanes + block &<< 4)
    unsafe minima[block] = UInt32(bitPattern: least)
  }
}
