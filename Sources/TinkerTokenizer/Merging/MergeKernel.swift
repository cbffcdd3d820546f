/// The merge rules as pointers, for the inner loops.
///
/// A value must not outlive the call of ``MergeTable/withKernel(_:)`` that made it. Every index is in
/// bounds: hashes are cut to the size of their table, bytes are below 256, pairs of them below 65,536,
/// and ranks come out of the table itself.
@unsafe
struct MergeKernel {
  private let slots: UnsafePointer<UInt64>
  private let filter: UnsafePointer<UInt64>
  private let bytePairs: UnsafePointer<UInt32>
  private let choices: UnsafePointer<Int32>
  private let results: UnsafePointer<UInt32>
  private let byteIDs: UnsafePointer<UInt32>
  private let firstResult: UInt32?
  private let shift: UInt64
  private let mask: Int

  fileprivate init(
    slots: UnsafePointer<UInt64>, filter: UnsafePointer<UInt64>, bytePairs: UnsafePointer<UInt32>,
    choices: UnsafePointer<Int32>, results: UnsafePointer<UInt32>, byteIDs: UnsafePointer<UInt32>,
    firstResult: UInt32?,
    shift: UInt64, mask: Int
  ) {
    unsafe self.slots = slots
    unsafe self.filter = filter
    unsafe self.bytePairs = bytePairs
    unsafe self.choices = choices
    unsafe self.results = results
    unsafe self.byteIDs = byteIDs
    unsafe self.firstResult = firstResult
    unsafe self.shift = shift
    unsafe self.mask = mask
  }

  /// The token of a byte.
  @inline(__always)
  func id(of byte: UInt8) -> UInt32 { unsafe byteIDs[Int(byte)] }

  /// The rank of two bytes.
  @inline(__always)
  func rank(bytes first: UInt8, _ second: UInt8) -> UInt32 {
    unsafe bytePairs[Int(first) &<< 8 | Int(second)]
  }

  /// The rank of two tokens.
  @inline(__always)
  func rank(_ left: UInt32, _ right: UInt32) -> UInt32 {
    let key = MergeTable.key(left, right)
    let hash = MergeTable.hash(key)
    let bit = MergeTable.filterBit(hash)
    let word = unsafe filter[bit &>> 6]
    if (word &>> UInt64(truncatingIfNeeded: bit & 63)) & 1 == 0 { return MergeTable.none }
    var index = unsafe Int(truncatingIfNeeded: hash &>> shift)
    let wanted = key &+ 1
    // The table is never more than three fifths full, so there is a free slot.
    while true {
      let slot = unsafe slots[index]
      if slot &>> 20 == wanted { return UInt32(truncatingIfNeeded: slot & 0xF_FFFF) }
      if slot == 0 { return MergeTable.none }
      index = unsafe (index &+ 1) & mask
    }
  }

  /// The choice of a lane, 16 for none.
  @inline(__always)
  func choice(of lane: Int) -> MergeLanes { unsafe MergeLanes(at: choices + lane &<< 4) }

  /// Asks for what ``rank(_:_:)`` will read.
  @inline(__always)
  func prefetch(_ left: UInt32, _ right: UInt32) {
    let hash = MergeTable.hash(MergeTable.key(left, right))
    unsafe PrefetchKernel.read(filter + MergeTable.filterBit(hash) &>> 6)
    unsafe PrefetchKernel.read(slots + Int(truncatingIfNeeded: hash &>> shift))
  }

  /// The token that a rank makes.
  @inline(__always)
  func result(_ rank: UInt32) -> UInt32 {
    // Mostly ids rise with the rank, and then there is nothing to load.
    if let firstResult = unsafe firstResult { return firstResult &+ rank }
    return unsafe results[Int(rank)]
  }
}

extension MergeTable {
  /// Runs a body with the table as pointers.
  @inline(__always)
  func withKernel<Result>(_ body: (MergeKernel) -> Result) -> Result {
    unsafe results.withUnsafeBufferPointer { results in
      unsafe byteIDs.withUnsafeBufferPointer { byteIDs in
        let slots = unsafe UnsafePointer(memory.pointer.assumingMemoryBound(to: UInt64.self))
        let filter = unsafe slots + slotCount
        let pairs = unsafe UnsafeRawPointer(filter + Self.filterSize / 8)
        let choices = unsafe pairs + Self.bytePairsSize
        // None of the tables is ever empty.
        let result = unsafe body(
          MergeKernel(
            slots: slots, filter: filter, bytePairs: pairs.assumingMemoryBound(to: UInt32.self),
            choices: choices.assumingMemoryBound(to: Int32.self),
            results: results.baseAddress.unsafelyUnwrapped,
            byteIDs: byteIDs.baseAddress.unsafelyUnwrapped,
            firstResult: firstResult, shift: shift, mask: slotCount &- 1))
        withExtendedLifetime(memory) {}
        return result
      }
    }
  }
}
