/// The keys of a few hundred pieces, made in one loop before any of them is looked up.
///
/// A key is read with two loads of eight bytes at the start of its piece. Near the end of a text these
/// would read past it, so the last bytes are read from a copy with zeros behind it.
struct PieceBatch: ~Copyable, Sendable {
  /// The key of a piece and its hash.
  struct Entry: Sendable {
    var key = WordCache.Key(low: 0, high: 0)
    var hash: UInt64 = 0
  }

  /// The number of pieces of a full batch.
  static let capacity = 256
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
  ///   - words: the cache whose hash is used.
  mutating func read(
    _ pieces: borrowing PieceBuffer, _ range: Range<Int>, of text: Span<UInt8>,
    _ words: borrowing WordCache
  ) {
    count = min(range.count, Self.capacity)
    let tailStart = max(text.count - Self.tailLength, 0)
    for index in 0..<tail.count {
      tail[index] = tailStart + index < text.count ? text[tailStart + index] : 0
    }
    let count = count
    let masks = masks
    unsafe text.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      unsafe tail.withUnsafeBufferPointer { tail in
        // The array is never empty.
        let tailBase = unsafe UnsafeRawPointer(tail.baseAddress.unsafelyUnwrapped)
        let textBase = unsafe UnsafeRawPointer(base)
        for index in 0..<count {
          let piece = pieces[range.lowerBound &+ index]
          let start = piece.lowerBound
          // From `tailStart` on the copy has 16 bytes behind every byte of the text.
          let place =
            start <= tailStart && tailStart != 0
            ? unsafe textBase + start : unsafe tailBase + (start &- tailStart)
          let length = min(piece.count, 16)
          let low = unsafe place.loadUnaligned(as: UInt64.self) & masks[2 &* length]
          let high =
            unsafe place.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            & masks[2 &* length &+ 1]
          let key = WordCache.Key(
            low: low, high: high | UInt64(truncatingIfNeeded: length) &<< 56)
          entries[index] = Entry(key: key, hash: words.hash(key))
        }
      }
    }
  }
}
