/// Text with, if asked for, the place in the original text that every byte came from.
///
/// The places follow the reference: a character that replaces others takes the place of the first of
/// them, a character that is put in takes the place of its neighbour, and bytes of one character all
/// have the same place. So places never go backwards.
package struct AlignedText: Sendable {
  /// The UTF-8 text.
  package var bytes: [UInt8]

  /// For every byte of the text, where its character stands in the original; `nil` if nobody asked.
  package var sources: [SourceRange]?

  /// Where the text begins in the original.
  let origin: UInt32

  /// Text that stands at its own place, or, without tracking, at no place.
  ///
  /// - Parameters:
  ///   - text: UTF-8 text.
  ///   - origin: the offset of the text's first byte in the original.
  ///   - tracked: whether places are kept.
  package init(_ text: Span<UInt8>, origin: Int = 0, tracked: Bool) {
    bytes = Array(capacity: text.count) { output in
      for index in text.indices { output.append(text[index]) }
    }
    sources = tracked ? SourceRange.ofEveryByte(in: text, origin: origin) : nil
    self.origin = UInt32(truncatingIfNeeded: origin)
  }

  init(bytes: [UInt8], sources: [SourceRange]?, origin: UInt32) {
    self.bytes = bytes
    self.sources = sources
    self.origin = origin
  }

  /// The place in the original of some bytes of the text: from the first byte's place to past the
  /// last one's. `nil` if places are not kept or the range is empty.
  package func source(of range: Range<Int>) -> Range<Int>? {
    guard let sources, !range.isEmpty, range.upperBound <= sources.count else { return nil }
    let lower = sources[range.lowerBound].lower
    let upper = sources[range.upperBound - 1].upper
    return Int(lower)..<Int(max(lower, upper))
  }

  /// A part of the text with its places.
  package func slice(_ range: Range<Int>) -> AlignedText {
    let part = sources.map { Array($0[range]) }
    return AlignedText(
      bytes: Array(bytes[range]), sources: part, origin: part?.first?.lower ?? origin)
  }
}

/// The bytes of the original text that a byte of an ``AlignedText`` came from.
package struct SourceRange: Sendable, Hashable {
  /// The first byte.
  package var lower: UInt32
  /// The byte behind the last one.
  package var upper: UInt32

  package init(lower: UInt32, upper: UInt32) {
    self.lower = lower
    self.upper = upper
  }

  /// Every byte at the place of its own character.
  static func ofEveryByte(in text: Span<UInt8>, origin: Int) -> [SourceRange] {
    var sources: [SourceRange] = []
    sources.reserveCapacity(text.count)
    var start = 0
    while start < text.count {
      var end = start + 1
      while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
      let place = SourceRange(
        lower: UInt32(truncatingIfNeeded: origin + start),
        upper: UInt32(truncatingIfNeeded: origin + end))
      for _ in start..<end { sources.append(place) }
      start = end
    }
    return sources
  }
}
