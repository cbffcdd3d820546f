/// Where tokens stand in the original text, for one text.
struct TokenPlaces: Sendable {
  /// Where a stretch of text came from.
  enum Source {
    /// It stands in the original, this far from its start.
    case original(origin: Int)
    /// It was changed; each of its bytes knows its place.
    case changed(AlignedText)
  }

  /// The places in bytes of the original, one for each token.
  private(set) var ranges: [Range<Int>] = []

  mutating func removeAll() { ranges.removeAll(keepingCapacity: true) }

  mutating func append(_ range: Range<Int>) { ranges.append(range) }

  /// Adds a token that covers some bytes of a stretch: whole characters, in the original.
  mutating func append(_ range: Range<Int>, in text: Span<UInt8>, _ source: borrowing Source) {
    switch source {
    case .changed(let aligned): ranges.append(aligned.source(of: range) ?? 0..<0)
    case .original(let origin):
      var start = min(range.lowerBound, text.count)
      var end = min(range.upperBound, text.count)
      while start > 0, start < text.count, text[start] & 0xC0 == 0x80 { start -= 1 }
      while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
      start += origin
      end += origin
      ranges.append(start..<max(start, end))
    }
  }
}
