/// One step of a normalizer.
enum NormalizerStep: Sendable {
  case form(NormalForm)
  case lowercase
  case strip(left: Bool, right: Bool)
  case stripAccents
  case replace(TextPattern, content: [UInt8])
  case prepend([UInt8])

  /// Whether the step surely leaves a text as it is. `false` only means that it must be tried.
  func keeps(_ text: Span<UInt8>) -> Bool {
    if text.isEmpty { return true }
    switch self {
    case .form(let form): return form.firstChange(in: text) == nil
    case .lowercase: return text.isLowercaseASCII
    case .strip(let left, let right):
      return Self.strippedRange(of: text, left, right).count == text.count
    case .stripAccents: return text.isASCII
    case .replace(let pattern, _): return !pattern.hasMatch(in: text)
    case .prepend: return false
    }
  }

  func apply(to text: AlignedText) -> AlignedText {
    if case .form(let form) = self { return form.apply(to: text) }
    var rewriter = TextRewriter(text)
    let bytes = text.bytes.span
    switch self {
    case .form: break
    case .lowercase: Self.lowercase(bytes, into: &rewriter)
    case .strip(let left, let right): rewriter.copy(Self.strippedRange(of: bytes, left, right))
    case .stripAccents: Self.stripAccents(bytes, into: &rewriter)
    case .replace(let pattern, let content):
      var end = 0
      for match in pattern.matches(in: bytes) {
        rewriter.copy(end..<match.lowerBound)
        // New text stands where the last replaced character stands.
        rewriter.write(content, at: match.upperBound - 1)
        end = match.upperBound
      }
      rewriter.copy(end..<bytes.count)
    case .prepend(let content):
      Self.prepend(content, to: bytes, &rewriter)
    }
    return rewriter.result
  }

  private static let lowercaseMap = CodePointMap(LowercaseData.lowercase)

  private static func lowercase(_ text: Span<UInt8>, into rewriter: inout TextRewriter) {
    var index = 0
    while index < text.count {
      let character = text.codePoint(at: index)
      if let mapped = lowercaseMap[character.codePoint] {
        for codePoint in mapped { rewriter.write(codePoint, at: index) }
      } else {
        rewriter.copy(index..<(index + character.length))
      }
      index += character.length
    }
  }

  private static func stripAccents(_ text: Span<UInt8>, into rewriter: inout TextRewriter) {
    var index = 0
    while index < text.count {
      let character = text.codePoint(at: index)
      if !CharacterClass.marks.contains(character.codePoint) {
        rewriter.copy(index..<(index + character.length))
      }
      index += character.length
    }
  }

  /// The first character and what is put before it stand where it stood. With nothing to put, the
  /// reference leaves it no place.
  private static func prepend(
    _ content: [UInt8], to text: Span<UInt8>, _ rewriter: inout TextRewriter
  ) {
    guard !text.isEmpty else { return }
    let first = text.codePoint(at: 0)
    rewriter.write(content, at: 0)
    rewriter.write(first.codePoint, at: content.isEmpty ? -1 : 0)
    rewriter.copy(first.length..<text.count)
  }

  /// The text without white space at the ends that are asked for.
  private static func strippedRange(of text: Span<UInt8>, _ left: Bool, _ right: Bool) -> Range<Int>
  {
    var start = 0
    var end = text.count
    while left, start < end {
      let character = text.codePoint(at: start)
      guard CharacterClass.isWhiteSpace(character.codePoint) else { break }
      start += character.length
    }
    while right, end > start {
      let last = text.characterStart(before: end)
      guard CharacterClass.isWhiteSpace(text.codePoint(at: last).codePoint) else { break }
      end = last
    }
    return start..<end
  }
}

extension Span<UInt8> {
  fileprivate var isLowercaseASCII: Bool {
    for index in indices where self[index] >= 0x80 || 0x41...0x5A ~= self[index] { return false }
    return true
  }

  fileprivate var isASCII: Bool {
    for index in indices where self[index] >= 0x80 { return false }
    return true
  }
}
