/// Questions about a single code point that the rules of added tokens and splitting ask.
package enum CharacterClass {
  /// Whether the code point is `\w`: Alphabetic, Mark, Nd, Pc or Join_Control.
  package static func isWord(_ codePoint: UInt32) -> Bool { false }

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
