/// The memory of a ``WordCache``: lines of 64 bytes with two slots each.
///
/// Every access is in bounds: a hash is cut to the number of lines, which is a power of two.
struct WordTable: ~Copyable, Sendable {
  private static let lineSize = 64

  let lineCount: Int
  let memory: TableMemory
  private let seed: UInt64

  var slotCount: Int { lineCount * 2 }

  /// A table of lines, a power of two, whose places depend on a seed.
  init(lineCount: Int, seed: UInt64) {
    self.lineCount = lineCount
    self.seed = seed
    memory = TableMemory(count: lineCount * Self.lineSize)
  }

  @inline(__always)
  private func withLines<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    let result = unsafe body(UnsafeRawPointer(memory.pointer))
    withExtendedLifetime(memory) {}
    return result
  }

  /// What the place of a key in the table follows from. It must not outlive the table.
  @unsafe
  struct Lines {
    fileprivate let start: UnsafeRawPointer
    fileprivate let seed: UInt64
    fileprivate let mask: Int

    /// Where the line of a key lies, in bytes from the first one.
    @inline(__always)
    func offset(of key: WordCache.Key) -> Int {
      unsafe (Int(truncatingIfNeeded: ByteHash.mix(key.low ^ seed, key.high)) & mask) &<< 6
    }

    /// Asks for a line before it is needed.
    @inline(__always)
    func prefetch(_ offset: Int) { unsafe PrefetchKernel.read(start + offset) }
  }

  @unsafe
  var lines: Lines {
    unsafe Lines(start: UnsafeRawPointer(memory.pointer), seed: seed, mask: lineCount &- 1)
  }

  // MARK: Searching

  /// See ``WordCache/copyHits(_:from:into:)``. `ids` has room for four ids for each piece of a batch.
  func copyHits(
    _ batch: borrowing PieceBatch, from first: Int, into ids: inout [UInt32]
  ) -> (next: Int, count: Int) {
    let end = batch.count
    return unsafe withLines { lines in
      unsafe batch.withEntries { entries in
        unsafe ids.withUnsafeMutableBufferPointer { ids in
          unsafe Self.copyHits(
            lines, entries, first, end,
            // The array is never empty.
            UnsafeMutableRawPointer(ids.baseAddress.unsafelyUnwrapped))
        }
      }
    }
  }

  /// The loop by itself, so that what it needs fits the registers.
  @inline(never)
  private static func copyHits(
    _ lines: UnsafeRawPointer, _ entries: UnsafePointer<PieceBatch.Entry>, _ first: Int, _ end: Int,
    _ start: UnsafeMutableRawPointer
  ) -> (next: Int, count: Int) {
    var out = unsafe start
    var index = first
    while index < end {
      let entry = unsafe entries + index
      let line = unsafe lines + entry.pointee.line
      let low = unsafe entry.pointee.key.low
      let high = unsafe entry.pointee.key.high
      let one =
        unsafe (line.load(as: UInt64.self) ^ low)
        | (line.load(fromByteOffset: 8, as: UInt64.self) ^ high)
      let other =
        unsafe (line.load(fromByteOffset: 32, as: UInt64.self) ^ low)
        | (line.load(fromByteOffset: 40, as: UInt64.self) ^ high)
      // The address is chosen, not the value, and both answers count in one test: which of the two
      // slots has the word cannot be foretold.
      let slot = unsafe line + (one == 0 ? 16 : 48)
      let ids = unsafe slot.load(as: SIMD4<UInt32>.self)
      let count = unsafe slot.load(fromByteOffset: 12, as: UInt32.self)
      let missing = UInt32(truncatingIfNeeded: Self.bit(one) & Self.bit(other)) &<< 2
      if (missing | count) > 3 { break }
      // Four ids are written and as many kept as there are: a batch has room for them.
      unsafe out.storeBytes(of: ids, as: SIMD4<UInt32>.self)
      unsafe out += Int(count) &<< 2
      index &+= 1
    }
    return (index, unsafe (out - start) &>> 2)
  }

  /// 0 for 0, 1 for all else.
  @inline(__always)
  private static func bit(_ word: UInt64) -> UInt64 { word == 0 ? 0 : 1 }

  /// The ids of a key.
  func find(_ key: WordCache.Key, probes: Int) -> SIMD4<UInt32>? {
    let slots = slotCount
    return unsafe withLines { lines in
      var index = unsafe self.lines.offset(of: key) &>> 5
      for _ in 0..<probes {
        let slot = unsafe lines + index &* 32
        let low = unsafe slot.load(as: UInt64.self)
        let high = unsafe slot.load(fromByteOffset: 8, as: UInt64.self)
        if low == key.low && high == key.high {
          return unsafe slot.load(fromByteOffset: 16, as: SIMD4<UInt32>.self)
        }
        if high == 0 { return nil }
        index = (index &+ 1) & (slots &- 1)
      }
      return nil
    }
  }

  /// Puts a key at its place or close behind it, if it is not there yet.
  ///
  /// - Returns: whether it is new, and whether it is there now.
  mutating func insert(
    _ key: WordCache.Key, _ ids: SIMD4<UInt32>, probes: Int
  ) -> (isNew: Bool, isThere: Bool) {
    let slots = slotCount
    return unsafe withLines { lines in
      let lines = unsafe UnsafeMutableRawPointer(mutating: lines)
      var index = unsafe self.lines.offset(of: key) &>> 5
      for _ in 0..<probes {
        let slot = unsafe lines + index &* 32
        let high = unsafe slot.load(fromByteOffset: 8, as: UInt64.self)
        if high == 0 {
          unsafe slot.storeBytes(of: key.low, as: UInt64.self)
          unsafe slot.storeBytes(of: key.high, toByteOffset: 8, as: UInt64.self)
          unsafe slot.storeBytes(of: ids, toByteOffset: 16, as: SIMD4<UInt32>.self)
          return (true, true)
        }
        if high == key.high, unsafe slot.load(as: UInt64.self) == key.low { return (false, true) }
        index = (index &+ 1) & (slots &- 1)
      }
      return (false, false)
    }
  }

  /// Goes over all slots that are taken.
  func forEach(_ body: (WordCache.Key, SIMD4<UInt32>) -> Void) {
    unsafe withLines { lines in
      for index in 0..<slotCount {
        let slot = unsafe lines + index &* 32
        let high = unsafe slot.load(fromByteOffset: 8, as: UInt64.self)
        if high == 0 { continue }
        let low = unsafe slot.load(as: UInt64.self)
        body(
          WordCache.Key(low: low, high: high),
          unsafe slot.load(fromByteOffset: 16, as: SIMD4<UInt32>.self))
      }
    }
  }
}
