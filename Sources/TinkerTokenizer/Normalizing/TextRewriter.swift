/// Writes changed text from top to bottom, and the places of its bytes if the source has places.
struct TextRewriter: ~Copyable {
  private let source: AlignedText
  private(set) var result: AlignedText

  init(_ source: AlignedText) {
    self.source = source
    result = AlignedText(
      bytes: [], sources: source.sources.map { _ in [] }, origin: source.origin)
    result.bytes.reserveCapacity(source.bytes.count)
  }

  /// Takes bytes of the source over as they are.
  mutating func copy(_ range: Range<Int>) {
    result.bytes.append(contentsOf: source.bytes[range])
    if let sources = source.sources { result.sources?.append(contentsOf: sources[range]) }
  }

  /// Writes a character that stands where a byte of the source stands.
  mutating func write(_ codePoint: UInt32, at index: Int) {
    let before = result.bytes.count
    result.bytes.append(codePoint: codePoint)
    place(result.bytes.count - before, at: index)
  }

  /// Writes text that stands where a byte of the source stands; an index of -1 is the empty place
  /// before the text.
  mutating func write(_ text: [UInt8], at index: Int) {
    result.bytes.append(contentsOf: text)
    place(text.count, at: index)
  }

  private mutating func place(_ count: Int, at index: Int) {
    guard let sources = source.sources else { return }
    let place: SourceRange
    if index >= 0 {
      place = sources[index]
    } else {
      place = SourceRange(lower: source.origin, upper: source.origin)
    }
    result.sources?.append(contentsOf: repeatElement(place, count: count))
  }
}
