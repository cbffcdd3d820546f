/// What is wrong with a JSON text, and where.
public struct JSONError: Error, Sendable, Hashable {
  /// The kinds of errors; the first nine are those of Python's `json.loads`.
  public enum Problem: Sendable, Hashable {
    /// No value begins here.
    case expectingValue
    /// A key was expected.
    case expectingPropertyName
    /// A colon was expected.
    case expectingColon
    /// A comma or the end of the container was expected.
    case expectingComma
    /// The string that begins here has no end.
    case unterminatedString
    /// A character below U+0020 stands in a string.
    case invalidControlCharacter
    /// A backslash is followed by a character that is no escape.
    case invalidEscape
    /// `\u` is not followed by four hexadecimal digits.
    case invalidUnicodeEscape
    /// Something follows the value.
    case extraData
    /// The text begins with a byte order mark.
    case byteOrderMark
    /// The bytes are not UTF-8.
    case invalidUTF8
    /// A string holds half of a surrogate pair where text is needed.
    case loneSurrogate
    /// Arrays and objects are nested deeper than the limit.
    case tooDeep(limit: Int)
    /// A value of another kind was expected.
    case unexpectedKind(expected: String, found: JSONKind)
    /// An integer does not fit the type that is asked for.
    case integerOutOfRange
  }

  /// What is wrong.
  public let problem: Problem
  /// Where, in bytes from the start of the text.
  public let byteOffset: Int
  /// Where, in Unicode scalars from the start of the text.
  public let character: Int
  /// The line, from 1.
  public let line: Int
  /// The column in scalars, from 1.
  public let column: Int

  /// Finds line, column and scalar of a place; done only when an error is made.
  package init(_ problem: Problem, at byteOffset: Int, in bytes: borrowing Span<UInt8>) {
    self.problem = problem
    self.byteOffset = byteOffset
    var character = 0
    var line = 1
    var column = 1
    for index in 0..<min(byteOffset, bytes.count) {
      let byte = bytes[index]
      if byte & 0xC0 == 0x80 { continue }
      character += 1
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    self.character = character
    self.line = line
    self.column = column
  }
}

extension JSONError: CustomStringConvertible {
  /// The sentence without the place.
  public var message: String {
    switch problem {
    case .expectingValue: "Expecting value"
    case .expectingPropertyName: "Expecting property name enclosed in double quotes"
    case .expectingColon: "Expecting ':' delimiter"
    case .expectingComma: "Expecting ',' delimiter"
    case .unterminatedString: "Unterminated string starting at"
    case .invalidControlCharacter: "Invalid control character at"
    case .invalidEscape: "Invalid \\escape"
    case .invalidUnicodeEscape: "Invalid \\uXXXX escape"
    case .extraData: "Extra data"
    case .byteOrderMark: "Unexpected UTF-8 BOM (decode using utf-8-sig)"
    case .invalidUTF8: "The bytes are not valid UTF-8"
    case .loneSurrogate: "The string holds half of a surrogate pair"
    case .tooDeep(let limit): "Arrays and objects are nested more than \(limit) deep"
    case .unexpectedKind(let expected, let found): "Expected \(expected), found \(found.rawValue)"
    case .integerOutOfRange: "The number is not an integer in the range that is needed"
    }
  }

  /// The sentence with the place, in the form of Python's `JSONDecodeError`.
  public var description: String {
    "\(message): line \(line) column \(column) (char \(character))"
  }
}
