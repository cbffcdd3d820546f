/// Questions about a single code point that added tokens, normalizers and pre-tokenizers ask.
///
/// Each follows the Unicode version that the reference has for it; the generated tables name them.
package enum CharacterClass {
  static let words = CodePointSet(distances: WordData.addedTokenWord)
  static let punctuation = CodePointSet(distances: StepData.punctuation)
  static let digits = CodePointSet(distances: StepData.digits)
  static let marks = CodePointSet(distances: StepData.marks)
  static let whiteSpace = CharacterKind.set { $0.isWhiteSpace }

  /// Whether the code point is `\w` to added tokens: Alphabetic, Mark, Nd, Pc or Join_Control.
  package static func isWord(_ codePoint: UInt32) -> Bool {
    switch codePoint {
    case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
    case ..<0x80: false
    default: words.contains(codePoint)
    }
  }

  /// Whether the code point is white space (the property White_Space, which is also `\s`).
  package static func isWhiteSpace(_ codePoint: UInt32) -> Bool {
    switch codePoint {
    case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F,
      0x3000:
      true
    default: false
    }
  }
}
