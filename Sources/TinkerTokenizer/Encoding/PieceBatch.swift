/// The keys of a hundred pieces, made in one loop before any of them is looked up.
///
/// A key is read with two loads of eight bytes at the start of its piece. Near the end of a text these
/// would read past it, so the last bytes are read from a copy with zeros behind it.
struct PieceBatch: ~Copyable, Sendable {
  /// The key of a piece, and where in the table its line lies.
  struct Entry: Sendable {
    var key = WordCache.Key(low: 0, high: 0)
    var line = 0
  }

  /// The number of pieces of a full batch.
  static let capacity = 128
  private static let tailLength = 16

  /// The number of pieces in the batch.
  private(set) var count = 0
  private var entries = [Entry](repeating: Entry(), count: PieceBatch.capacity)
  /// The masks of the first and second eight bytes, for each length up to 16.
  private let masks: [UInt64] = (0...16).flatMap { length -> [UInt64] in
    let low: UInt64 = length >= 8 ? .max : (1 << UInt64(length * 8)) - 1
    // The last byte is that of the length.
    let high: UInt64 = length <= 8 ? 0 : (1 << UInt64((min(length, 15) - 8) * 8)) - 1
    return [low, high]
  }
  private var tail = [UInt8](repeating: 0, count: 2 * PieceBatch.tailLength)

  /// The key of a piece of the batch.
  subscript(index: Int) -> Entry { entries[index] }

  @inline(__always)
  func withEntries<Result>(_ body: (UnsafePointer<Entry>) -> Result) -> Result {
    unsafe entries.withUnsafeBufferPointer { entries in
      // The array is never empty.
      unsafe body(entries.baseAddress.unsafelyUnwrapped)
    }
  }

  /// Makes the keys of pieces.
  ///
  /// - Parameters:
  ///   - pieces: the pieces of `text`.
  ///   - range: which of them; at most ``capacity``.
  ///   - text: the text.
  ///   - words: the cache in which they will be looked up, as long as it does not grow.
  mutating func read(
    _ pieces: borrowing PieceBuffer, _ range: Range<Int>, of text: Span<UInt8>,
    _ words: borrowing WordCache
  ) {
    count = min(range.count, Self.capacity)
    let count = count
    let first = range.lowerBound
    let tailStart = max(text.count - Self.tailLength, 0)
    var plain = 0
    if pieces.isContiguous, first + count <= pieces.count {
      plain = count
      while plain > 0, pieces[first + plain - 1].lowerBound >= tailStart { plain -= 1 }
    }
    if plain < count { copyTail(of: text) }
    let masks = masks
    let tail = tail
    let lines = unsafe words.lines
    unsafe entries.withUnsafeMutableBufferPointer { entries in
      unsafe masks.withUnsafeBufferPointer { masks in
        unsafe tail.withUnsafeBufferPointer { tail in
          unsafe text.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            // The arrays are never empty.
            let reader = unsafe KeyReader(
              text: UnsafeRawPointer(base),
              tail: UnsafeRawPointer(tail.baseAddress.unsafelyUnwrapped),
              tailStart: tailStart, masks: masks.baseAddress.unsafelyUnwrapped)
            let entry = unsafe entries.baseAddress.unsafelyUnwrapped
            if plain > 0 {
              let start = first == 0 ? 0 : pieces[first &- 1].upperBound
              unsafe pieces.pieceEnds.withUnsafeBufferPointer { ends in
                // `first + plain` ends are there, and `plain` is not 0.
                unsafe Self.readPlainly(
                  reader, ends.baseAddress.unsafelyUnwrapped + first, plain, from: start, lines,
                  to: entry)
              }
            }
            for index in plain..<count {
              let piece = pieces[first &+ index]
              let key = unsafe reader.key(from: piece.lowerBound, length: piece.count)
              unsafe entry[index] = Entry(key: key, line: lines.offset(of: key))
            }
          }
        }
      }
    }
    withExtendedLifetime(words.memory) {}
  }

  /// The loop for pieces that stand one behind the other, before the tail. It is a function by itself so
  /// that what it needs fits the registers.
  @inline(never)
  private static func readPlainly(
    _ reader: KeyReader, _ ends: UnsafePointer<UInt32>, _ count: Int, from start: Int,
    _ lines: WordTable.Lines, to entries: UnsafeMutablePointer<Entry>
  ) {
    var start = start
    var index = 0
    while index < count {
      let end = unsafe Int(ends[index])
      let key = unsafe reader.key(at: reader.text + start, length: end &- start)
      let line = unsafe lines.offset(of: key)
      unsafe lines.prefetch(line)
      unsafe entries[index] = Entry(key: key, line: line)
      start = end
      index &+= 1
    }
  }

  private mutating func copyTail(of text: Span<UInt8>) {
    let start = max(text.count - Self.tailLength, 0)
    for index in 0..<Self.tailLength {
      tail[index] = start + index < text.count ? text[start + index] : 0
    }
  }

  /// Reads the key of a piece. From `tailStart` on the text is read from its copy, which has 16 bytes
  /// behind every byte of the text.
  @unsafe
  private struct KeyReader {
    let text: UnsafeRawPointer
    let tail: UnsafeRawPointer
    let tailStart: Int
    let masks: UnsafePointer<UInt64>

    @inline(__always)
    func key(from start: Int, length: Int) -> WordCache.Key {
      unsafe key(
        at: start < tailStart ? text + start : tail + (start &- tailStart), length: length)
    }

    /// Reads the key of a piece at an address with 16 bytes behind it.
    @inline(__always)
    func key(at place: UnsafeRawPointer, length: Int) -> WordCache.Key {
      let length = min(length, 16)
      let low = unsafe place.loadUnaligned(as: UInt64.self) & masks[2 &* length]
      let high =
        unsafe place.loadUnaligned(fromByteOffset: 8, as: UInt64.self) & masks[2 &* length &+ 1]
      return WordCache.Key(low: low, high: high | UInt64(truncatingIfNeeded: length) &<< 56)
    }
  }
}
