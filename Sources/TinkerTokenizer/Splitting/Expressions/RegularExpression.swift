import TinkerJSON

/// A regular expression of a `tokenizer.json`, whatever it is.
///
/// It is parsed here, written again over ``CharacterAtoms``, and searched by PCRE2. A search that
/// reaches the limits of ``CompiledPattern`` ends as if nothing more were found.
struct RegularExpression: Sendable {
  private let atoms: CharacterAtoms
  private let pattern: CompiledPattern

  /// Reads an expression.
  ///
  /// - Throws: `TokenizerError` that names the field and what is wrong.
  init(_ field: FieldValue) throws(TokenizerError) {
    let text = try field.text().description
    do {
      try self.init(text)
    } catch {
      switch error {
      case .malformed(let expected):
        throw .invalidValue(field: field.field, value: field.value.shortText, expected: expected)
      case .unsupported(let part):
        throw .unsupported(
          field: field.field, value: "\(field.value.shortText) with \(part)")
      }
    }
  }

  init(_ text: String) throws(ExpressionError) {
    let node = try ExpressionParser.parse(text)
    guard let atoms = CharacterAtoms(of: ExpressionWriter.sets(of: node)) else {
      throw .unsupported("more than 256 kinds of characters")
    }
    var writer = ExpressionWriter(atoms: atoms)
    writer.write(node)
    self.atoms = atoms
    pattern = try CompiledPattern(writer.pattern)
  }

  /// All matches in ascending order; they do not overlap, and an empty one never stands directly
  /// behind another match.
  func matches(in text: Span<UInt8>) -> [Range<Int>] {
    let atoms = atoms.atoms(of: text)
    let search = CompiledPattern.Search(pattern)
    var result: [Range<Int>] = []
    var place = PlaceInText()
    var start = 0
    var lastEnd = -1
    while start <= atoms.count, let match = search.first(in: atoms.span, from: start) {
      if match.isEmpty, match.lowerBound == lastEnd {
        start += 1
        continue
      }
      start = match.upperBound
      lastEnd = match.upperBound
      let lower = place.byteOffset(ofCharacter: match.lowerBound, in: text)
      result.append(lower..<place.byteOffset(ofCharacter: match.upperBound, in: text))
    }
    return result
  }
}

/// Turns character offsets that never go back into byte offsets.
private struct PlaceInText {
  private var character = 0
  private var byte = 0

  mutating func byteOffset(ofCharacter target: Int, in text: Span<UInt8>) -> Int {
    while character < target, byte < text.count {
      byte += text.codePoint(at: byte).length
      character += 1
    }
    return byte
  }
}
