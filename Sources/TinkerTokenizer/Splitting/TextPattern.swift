import TinkerJSON

/// What a `Split` or a `Replace` looks for.
enum TextPattern: Sendable {
  /// Exactly this text. The empty text is found between all characters.
  case literal([UInt8])
  case expression(RegularExpression)

  /// Reads `{"String": …}` or `{"Regex": …}`.
  init(_ field: FieldValue) throws(TokenizerError) {
    let members = try field.object()
    if let text = members["String"] {
      self = .literal(try text.text().bytes)
    } else if let pattern = members["Regex"] {
      self = .expression(try RegularExpression(pattern))
    } else {
      throw field.unsupported
    }
  }

  /// All matches in ascending order; they do not overlap, and an empty one never stands directly behind
  /// another match.
  func matches(in text: Span<UInt8>) -> [Range<Int>] {
    switch self {
    case .literal(let literal): Self.occurrences(of: literal, in: text)
    case .expression(let expression): expression.matches(in: text)
    }
  }

  func hasMatch(in text: Span<UInt8>) -> Bool { !matches(in: text).isEmpty }

  private static func occurrences(of literal: [UInt8], in text: Span<UInt8>) -> [Range<Int>] {
    var result: [Range<Int>] = []
    guard let first = literal.first else {
      for index in text.indices where text[index] & 0xC0 != 0x80 { result.append(index..<index) }
      result.append(text.count..<text.count)
      return result
    }
    var index = 0
    while index <= text.count - literal.count {
      if text[index] == first, literal.indices.allSatisfy({ text[index + $0] == literal[$0] }) {
        result.append(index..<(index + literal.count))
        index += literal.count
      } else {
        index += 1
      }
    }
    return result
  }
}
