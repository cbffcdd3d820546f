/// Merges up to 16 symbols. Their pairs are ``MergeLanes``; which symbols still stand is a mask of bits.
enum ShortMergeKernel {
  /// The most symbols.
  static let limit = 16

  /// What a merge leaves to be done.
  struct Step {
    /// The place of the new token.
    var place: Int
    /// The places of its neighbours; 16 where there is none.
    var before: Int
    var after: Int
    /// The place of the symbol that went.
    var taken: Int
    /// The least pair of the others.
    var rest: Int32
  }

  /// A pair in the lane of its place.
  @inline(__always)
  static func lane(_ rank: UInt32, _ place: Int) -> Int32 {
    rank == MergeTable.none
      ? MergeLanes.none : Int32(bitPattern: rank &<< 4 | UInt32(truncatingIfNeeded: place))
  }

  /// Merges the least pair, and asks for what the new token's pairs are looked up in. Places are below
  /// 16; symbols have room for one more than 16.
  @inline(__always)
  static func take(
    _ best: Int32, _ lanes: inout MergeLanes, _ standing: inout UInt32,
    _ symbols: UnsafeMutablePointer<UInt32>, _ kernel: MergeKernel
  ) -> Step {
    let place = Int(best & 15)
    let token = unsafe kernel.result(UInt32(bitPattern: best) &>> 4)
    let above = standing & ~((2 &<< UInt32(truncatingIfNeeded: place)) &- 1)
    let taken = above.trailingZeroBitCount
    let behind = above & (above &- 1)
    standing &= ~(above ^ behind)
    // Bit 16 stands for "there is none".
    let after = (behind | 1 &<< 16).trailingZeroBitCount
    let below = standing & ((1 &<< UInt32(truncatingIfNeeded: place)) &- 1)
    let before = below == 0 ? 16 : 31 &- below.leadingZeroBitCount
    unsafe symbols[place] = token
    if after < 16 { unsafe kernel.prefetch(token, symbols[after]) }
    if before < 16 { unsafe kernel.prefetch(symbols[before], token) }
    // The three pairs leave the race first: the minimum of the others does not wait for the tables.
    unsafe lanes.clear(kernel.choice(of: place))
    unsafe lanes.clear(kernel.choice(of: taken))
    unsafe lanes.clear(kernel.choice(of: before))
    return Step(place: place, before: before, after: after, taken: taken, rest: lanes.minimum)
  }

  /// Looks up the pairs of a new token, and returns the least pair of all.
  @inline(__always)
  static func lookUp(
    _ step: Step, _ lanes: inout MergeLanes, _ symbols: UnsafeMutablePointer<UInt32>,
    _ kernel: MergeKernel
  ) -> Int32 {
    let token = unsafe symbols[step.place]
    var right = MergeLanes.none
    var left = MergeLanes.none
    if step.after < 16 {
      right = unsafe lane(kernel.rank(token, symbols[step.after]), step.place)
    }
    if step.before < 16 {
      left = unsafe lane(kernel.rank(symbols[step.before], token), step.before)
    }
    unsafe lanes.set(kernel.choice(of: step.place), to: right)
    unsafe lanes.set(kernel.choice(of: step.before), to: left)
    return min(step.rest, min(left, right))
  }

  /// Merges the symbols of a piece.
  static func merge(
    _ count: Int, _ memory: MergeBuffer.Pointers, _ kernel: MergeKernel
  ) -> Int {
    let symbols = unsafe memory.symbols
    let room = unsafe UnsafeMutableRawPointer(memory.lanes).assumingMemoryBound(to: Int32.self)
    for index in 0..<count { unsafe room[index] = unsafe lane(memory.ranks[index], index) }
    for index in count..<16 { unsafe room[index] = MergeLanes.none }
    var lanes = unsafe MergeLanes(at: room)
    var standing: UInt32 = (1 &<< UInt32(truncatingIfNeeded: count)) &- 1
    var best = lanes.minimum
    var lastTaken = 0
    while best != MergeLanes.none {
      let step = unsafe take(best, &lanes, &standing, symbols, kernel)
      lastTaken = step.taken
      best = unsafe lookUp(step, &lanes, symbols, kernel)
    }
    unsafe memory.ranks[0] = UInt32(truncatingIfNeeded: lastTaken)
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
