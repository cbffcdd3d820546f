extension ExpressionParser {
  /// What stands behind a backslash, outside a class.
  mutating func parseEscape() throws(ExpressionError) -> ExpressionNode {
    switch scanner.next {
    case "A": return assertion(.textStart)
    case "z": return assertion(.textEnd)
    case "Z": return assertion(.lastLineEnd)
    case "b": return assertion(.wordBorder)
    case "B": return assertion(.noWordBorder)
    case "R":
      _ = scanner.take()
      return .atomic(
        .alternatives([
          .sequence([.character(CodePointSet(13...13)), .character(CodePointSet(10...10))]),
          .character(CodePointSet(ascending: [10...13, 0x85...0x85, 0x2028...0x2029])),
        ]))
    default: break
    }
    switch try parseClassEscape() {
    case .set(let set): return .character(set)
    case .single(let codePoint):
      return .character(
        options.ignoresCase
          ? CaseFolding.shared.equals(of: codePoint) : CodePointSet(codePoint...codePoint))
    }
  }

  private mutating func assertion(_ assertion: Assertion) -> ExpressionNode {
    _ = scanner.take()
    return .assertion(assertion)
  }

  enum Escape {
    case single(UInt32)
    case set(CodePointSet)
  }

  /// What stands behind a backslash and stands for one character.
  mutating func parseClassEscape() throws(ExpressionError) -> Escape {
    guard let scalar = scanner.take() else {
      throw .malformed(expected: "something behind the last `\\`")
    }
    switch scalar {
    case "t": return .single(0x09)
    case "n": return .single(0x0A)
    case "v": return .single(0x0B)
    case "f": return .single(0x0C)
    case "r": return .single(0x0D)
    case "a": return .single(0x07)
    case "e": return .single(0x1B)
    case "w": return .set(CharacterSets.word)
    case "W": return .set(CharacterSets.word.complement)
    case "s": return .set(CharacterSets.whiteSpace)
    case "S": return .set(CharacterSets.whiteSpace.complement)
    case "d": return .set(CharacterSets.digit)
    case "D": return .set(CharacterSets.digit.complement)
    case "h": return .set(CharacterSets.hexDigit)
    case "H": return .set(CharacterSets.hexDigit.complement)
    case "p", "P": return .set(try parseProperty(isNegated: scalar == "P"))
    case "x": return .single(try parseHexEscape())
    case "u":
      guard let value = scanner.takeHexDigits(4...4), Unicode.Scalar(value) != nil else {
        throw .malformed(expected: "four hexadecimal digits behind `\\u`")
      }
      return .single(value)
    case "0"..."9", "a"..."z", "A"..."Z": throw .unsupported("\\\(scalar)")
    default: return .single(scalar.value)
    }
  }

  /// `\x41` or `\x{1F600}`. Two digits above 7F would be a byte of a character.
  private mutating func parseHexEscape() throws(ExpressionError) -> UInt32 {
    if scanner.take("{") {
      guard let value = scanner.takeHexDigits(1...8), Unicode.Scalar(value) != nil,
        scanner.take("}")
      else { throw .malformed(expected: "a code point in `\\x{…}`") }
      return value
    }
    guard let value = scanner.takeHexDigits(1...2) else {
      throw .malformed(expected: "hexadecimal digits behind `\\x`")
    }
    guard value < 0x80 else { throw .unsupported("\\x with a byte above 7F") }
    return value
  }

  private mutating func parseProperty(
    isNegated: Bool
  ) throws(ExpressionError) -> CodePointSet {
    guard scanner.take("{") else { throw .malformed(expected: "`{` behind `\\p`") }
    let isNegatedInside = scanner.take("^")
    guard let name = scanner.take(upTo: "}") else { throw .malformed(expected: "`}`") }
    guard let set = CharacterSets.property(name) else { throw .unsupported("\\p{\(name)}") }
    return isNegated != isNegatedInside ? set.complement : set
  }
}
