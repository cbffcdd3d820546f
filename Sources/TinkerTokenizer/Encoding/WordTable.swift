/// The memory of a ``WordCache``: lines of 64 bytes with two slots each.
///
/// The lines lie in an ordinary array, from the first place on that a line of the processor's cache
/// begins at. Every access is in bounds: a hash is cut to the number of lines, which is a power of
/// two, and the array has one line more than that, for the alignment.
struct WordTable: Sendable {
  private static let wordsPerLine = 8

  let lineCount: Int
  private var words: [UInt64]

  var slotCount: Int { lineCount * 2 }

  init(lineCount: Int) {
    self.lineCount = lineCount
    words = .tableOfZeros((lineCount + 1) * Self.wordsPerLine)
  }

  mutating func removeAll() { self = WordTable(lineCount: lineCount) }

  @inline(__always)
  private static func firstLine(_ words: UnsafePointer<UInt64>) -> UnsafeRawPointer {
    let address = UInt(bitPattern: words)
    return unsafe UnsafeRawPointer(words) + Int((64 &- (address & 63)) & 63)
  }

  @inline(__always)
  private func withLines<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe words.withUnsafeBufferPointer { words in
      // The array is never empty.
      unsafe body(Self.firstLine(words.baseAddress.unsafelyUnwrapped))
    }
  }

  /// Asks for lines. It must not outlive the call that made it.
  @unsafe
  struct Prefetch {
    fileprivate let lines: UnsafeRawPointer
    fileprivate let mask: Int

    @inline(__always)
    func line(of hash: UInt64) {
      unsafe PrefetchKernel.read(lines + (Int(truncatingIfNeeded: hash) & mask) &<< 6)
    }
  }

  @inline(__always)
  func withPrefetch(_ body: (Prefetch) -> Void) {
    unsafe withLines { unsafe body(Prefetch(lines: $0, mask: lineCount &- 1)) }
  }

  // MARK: Searching

  /// See ``WordCache/copyHits(_:from:into:)``. `ids` has room for four ids for each piece of a batch.
  @inline(__always)
  func copyHits(
    _ batch: borrowing PieceBatch, from first: Int, into ids: inout [UInt32]
  ) -> (next: Int, count: Int) {
    let mask = lineCount &- 1
    let end = batch.count
    return unsafe withLines { lines in
      unsafe batch.withEntries { entries in
        unsafe ids.withUnsafeMutableBufferPointer { ids in
          let start = unsafe UnsafeMutableRawPointer(ids.baseAddress.unsafelyUnwrapped)
          var out = unsafe start
          var index = first
          while index < end {
            let entry = unsafe entries[index]
            let line = unsafe lines + (Int(truncatingIfNeeded: entry.hash) & mask) &<< 6
            let one =
              unsafe (line.load(as: UInt64.self) ^ entry.key.low)
              | (line.load(fromByteOffset: 8, as: UInt64.self) ^ entry.key.high)
            let other =
              unsafe (line.load(fromByteOffset: 32, as: UInt64.self) ^ entry.key.low)
              | (line.load(fromByteOffset: 40, as: UInt64.self) ^ entry.key.high)
            // The address is chosen, not the value, which takes no branch.
            let offset = one == 0 ? 16 : 48
            let slot = unsafe line.load(fromByteOffset: offset, as: SIMD4<UInt32>.self)
            if (one != 0 && other != 0) || slot.w > 3 { break }
            // Four ids are written and as many kept as there are: a batch has room for them.
            unsafe out.storeBytes(of: slot, as: SIMD4<UInt32>.self)
            unsafe out += Int(slot.w) &<< 2
            index &+= 1
          }
          return (index, unsafe (out - start) &>> 2)
        }
      }
    }
  }

  /// The ids of a key.
  func find(_ key: WordCache.Key, _ hash: UInt64, probes: Int) -> SIMD4<UInt32>? {
    let slots = slotCount
    return unsafe withLines { lines in
      var index = (Int(truncatingIfNeeded: hash) & (lineCount &- 1)) &* 2
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

  /// Puts a key at its place or close behind it.
  ///
  /// - Returns: whether there was a place.
  mutating func insert(
    _ key: WordCache.Key, _ ids: SIMD4<UInt32>, _ hash: UInt64, probes: Int
  ) -> Bool {
    let slots = slotCount
    let lineCount = lineCount
    return unsafe words.withUnsafeMutableBufferPointer { words in
      let base = unsafe words.baseAddress.unsafelyUnwrapped
      let lines = unsafe UnsafeMutableRawPointer(mutating: Self.firstLine(base))
      var index = (Int(truncatingIfNeeded: hash) & (lineCount &- 1)) &* 2
      for _ in 0..<probes {
        let slot = unsafe lines + index &* 32
        if unsafe slot.load(fromByteOffset: 8, as: UInt64.self) == 0 {
          unsafe slot.storeBytes(of: key.low, as: UInt64.self)
          unsafe slot.storeBytes(of: key.high, toByteOffset: 8, as: UInt64.self)
          unsafe slot.storeBytes(of: ids, toByteOffset: 16, as: SIMD4<UInt32>.self)
          return true
        }
        index = (index &+ 1) & (slots &- 1)
      }
      return false
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
