/// Merges up to 16 symbols. The pairs lie in 16 lanes, `rank << 4 | place`, so that their minimum is
/// the pair of least rank, the leftmost of equals; which symbols still stand is a mask of bits.
enum ShortMergeKernel {
  /// The most symbols.
  static let limit = 16

  /// Lanes of pairs that do not merge, and of symbols that are gone.
  private static let none: Int32 = .max

  /// The least of 16 lanes.
  @inline(__always)
  static func minimum(_ lanes: UnsafeMutablePointer<UInt32>) -> Int32 {
    // A loop of fixed length over signed words is what the compiler makes vector code of.
    var least = unsafe Int32(bitPattern: lanes[0])
    for index in 1..<16 { least = min(least, unsafe Int32(bitPattern: lanes[index])) }
    return least
  }

  @inline(__always)
  private static func lane(_ rank: UInt32, _ place: Int) -> UInt32 {
    rank == MergeTable.none
      ? UInt32(bitPattern: none) : rank &<< 4 | UInt32(truncatingIfNeeded: place)
  }

  /// Merges; every index is below 16 or, for lanes, 16, which is a lane that nobody looks at.
  static func merge(
    _ count: Int, _ memory: MergeBuffer.Pointers, _ kernel: MergeKernel
  ) -> Int {
    let lanes = unsafe memory.lanes
    let symbols = unsafe memory.symbols
    let gone = UInt32(bitPattern: none)
    for index in 0..<count {
      unsafe lanes[index] = unsafe lane(memory.ranks[index], index)
    }
    for index in count..<16 { unsafe lanes[index] = gone }
    var standing: UInt32 = (1 &<< UInt32(truncatingIfNeeded: count)) &- 1
    var best = unsafe minimum(lanes)
    while best != none {
      let place = Int(best & 15)
      let token = unsafe kernel.result(UInt32(bitPattern: best) &>> 4)
      let above = standing & ~((2 &<< UInt32(truncatingIfNeeded: place)) &- 1)
      let taken = above.trailingZeroBitCount
      standing &= ~(above & (0 &- above))
      let after = (above & (above &- 1)).trailingZeroBitCount
      let below = standing & ((1 &<< UInt32(truncatingIfNeeded: place)) &- 1)
      let before = below == 0 ? 16 : 31 &- below.leadingZeroBitCount
      unsafe symbols[place] = token
      // The three pairs leave the race first: the minimum of the others does not wait for the tables.
      unsafe lanes[taken] = gone
      unsafe lanes[place] = gone
      unsafe lanes[before] = gone
      let rest = unsafe minimum(lanes)
      var right = gone
      var left = gone
      if after < 16 { right = unsafe lane(kernel.rank(token, symbols[after]), place) }
      if before < 16 { left = unsafe lane(kernel.rank(symbols[before], token), before) }
      unsafe lanes[place] = right
      unsafe lanes[before] = left
      best = min(rest, min(Int32(bitPattern: left), Int32(bitPattern: right)))
    }
    var kept = 0
    while standing != 0 {
      let place = standing.trailingZeroBitCount
      unsafe symbols[kept] = unsafe symbols[place]
      unsafe memory.starts[kept] = UInt32(truncatingIfNeeded: place)
      kept &+= 1
      standing &= standing &- 1
    }
    return kept
  }
}
