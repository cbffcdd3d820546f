import TinkerJSON

/// Tokens inside of tags.
extension TemplateLexer {
  private static let longSymbols: [StaticString] = ["//", "**", "==", "!=", ">=", "<="]
  private static let shortSymbols = Set("+-/*%~[](){}><=.:|,;".utf8)

  mutating func readToken(_ open: inout [UInt8]) throws(TemplateError) {
    let start = position
    let byte = source[start]
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): try readNumber()
    case UInt8(ascii: "'"), UInt8(ascii: "\""): try readString(byte)
    default:
      if isWord(at: start) != nil {
        readName()
        return
      }
      for symbol in Self.longSymbols where matches(symbol, at: start) {
        position += 2
        add(.symbol(symbol.description), at: start)
        return
      }
      guard Self.shortSymbols.contains(byte) else {
        throw TemplateError(.syntax, "a character that means nothing here", at: start)
      }
      try balance(byte, &open)
      position += 1
      add(.symbol(String(Unicode.Scalar(byte))), at: start)
    }
  }

  private func balance(_ byte: UInt8, _ open: inout [UInt8]) throws(TemplateError) {
    switch byte {
    case UInt8(ascii: "("): open.append(UInt8(ascii: ")"))
    case UInt8(ascii: "["): open.append(UInt8(ascii: "]"))
    case UInt8(ascii: "{"): open.append(UInt8(ascii: "}"))
    case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
      let found = String(Unicode.Scalar(byte))
      guard let expected = open.popLast() else {
        throw TemplateError(.syntax, "'\(found)' closes nothing", at: position)
      }
      if expected != byte {
        throw TemplateError(
          .syntax, "'\(found)' stands where '\(Unicode.Scalar(expected))' is expected", at: position
        )
      }
    default: break
    }
  }

  // MARK: Names

  /// The byte behind the letter, digit or underline that begins here.
  private func isWord(at index: Int) -> Int? {
    guard index < source.count else { return nil }
    if source[index] < 0x80 {
      return PythonText.isWord(Unicode.Scalar(source[index])) ? index + 1 : nil
    }
    let next = TracedText(Array(source[index..<min(index + 4, source.count)]), from: .template(0))
      .scalar(at: 0)
    return PythonText.isWord(next.scalar) ? index + next.end : nil
  }

  private mutating func readName() {
    let start = position
    while let next = isWord(at: position) { position = next }
    add(.name(String(decoding: source[start..<position], as: UTF8.self)), at: start)
  }

  // MARK: Numbers

  /// Passes over digits with single underlines between them.
  private mutating func skipDigits() -> String {
    var digits = ""
    while position < source.count {
      let byte = source[position]
      if (0x30...0x39).contains(byte) {
        digits.unicodeScalars.append(Unicode.Scalar(byte))
      } else if byte != UInt8(ascii: "_") || position + 1 >= source.count
        || !(0x30...0x39).contains(source[position + 1])
      {
        break
      }
      position += 1
    }
    return digits
  }

  private func isDigit(at index: Int) -> Bool {
    index < source.count && (0x30...0x39).contains(source[index])
  }

  private mutating func readNumber() throws(TemplateError) {
    let start = position
    if source[start] == UInt8(ascii: "0"), start + 1 < source.count {
      let radix: Int? =
        switch source[start + 1] | 0x20 {
        case UInt8(ascii: "x"): 16
        case UInt8(ascii: "o"): 8
        case UInt8(ascii: "b"): 2
        default: nil
        }
      if let radix {
        position += 2
        var digits = ""
        while let end = isWord(at: position) {
          digits += String(decoding: source[position..<end], as: UTF8.self)
          position = end
        }
        guard let value = Int(digits.filter { $0 != "_" }, radix: radix) else {
          throw TemplateError(.syntax, "no number, or one that is too large", at: start)
        }
        add(.integer(value), at: start)
        return
      }
    }
    // Behind a dot a number is an index: `row.0.1`.
    let isIndex = tokens.last?.form == .symbol(".")
    var text = skipDigits()
    var isDouble = false
    if !isIndex, position < source.count, source[position] == UInt8(ascii: "."),
      isDigit(at: position + 1)
    {
      isDouble = true
      position += 1
      text += "." + skipDigits()
    }
    if !isIndex, position < source.count, source[position] | 0x20 == UInt8(ascii: "e") {
      var next = position + 1
      var sign = ""
      if next < source.count, source[next] == UInt8(ascii: "+") || source[next] == UInt8(ascii: "-")
      {
        sign = String(Unicode.Scalar(source[next]))
        next += 1
      }
      if isDigit(at: next) {
        isDouble = true
        position = next
        text += "e" + sign + skipDigits()
      }
    }
    if isDouble {
      add(.double(Double(text) ?? .infinity), at: start)
    } else if let value = Int(text), text == "0" || !text.hasPrefix("0") || value == 0 {
      add(.integer(value), at: start)
    } else {
      throw TemplateError(.syntax, "no number, or one that is too large", at: start)
    }
  }

  // MARK: Strings

  private mutating func readString(_ quote: UInt8) throws(TemplateError) {
    let start = position
    position += 1
    var out: [UInt8] = []
    while position < source.count {
      let byte = source[position]
      position += 1
      if byte == quote {
        add(.string(out), at: start)
        return
      }
      if byte == UInt8(ascii: "\\"), position < source.count {
        try readEscape(into: &out)
      } else {
        out.append(byte)
      }
    }
    throw TemplateError(.syntax, "the string that begins here has no end", at: start)
  }

  private mutating func readEscape(into out: inout [UInt8]) throws(TemplateError) {
    let letter = source[position]
    position += 1
    switch letter {
    case UInt8(ascii: "\n"): break
    case UInt8(ascii: "n"): out.append(0x0A)
    case UInt8(ascii: "t"): out.append(0x09)
    case UInt8(ascii: "r"): out.append(0x0D)
    case UInt8(ascii: "a"): out.append(0x07)
    case UInt8(ascii: "b"): out.append(0x08)
    case UInt8(ascii: "f"): out.append(0x0C)
    case UInt8(ascii: "v"): out.append(0x0B)
    case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): out.append(letter)
    case UInt8(ascii: "x"): try appendScalar(digits: 2, to: &out)
    case UInt8(ascii: "u"): try appendScalar(digits: 4, to: &out)
    case UInt8(ascii: "U"): try appendScalar(digits: 8, to: &out)
    case UInt8(ascii: "N"):
      throw TemplateError(.unsupported, "characters by name are not supported", at: position - 2)
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      var value = UInt32(letter - 0x30)
      var count = 1
      while count < 3, position < source.count, (0x30...0x37).contains(source[position]) {
        value = value * 8 + UInt32(source[position] - 0x30)
        position += 1
        count += 1
      }
      Self.append(value, to: &out)
    default:
      out.append(UInt8(ascii: "\\"))
      out.append(letter)
    }
  }

  private mutating func appendScalar(
    digits: Int, to out: inout [UInt8]
  ) throws(TemplateError) {
    let start = position - 2
    let end = min(position + digits, source.count)
    guard end - position == digits,
      source[position..<end].allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }),
      let value = UInt32(String(decoding: source[position..<end], as: UTF8.self), radix: 16),
      value <= 0x10FFFF
    else { throw TemplateError(.syntax, "an escape needs \(digits) hexadecimal digits", at: start) }
    position = end
    Self.append(value, to: &out)
  }

  /// Appends a scalar, or half a surrogate pair, in UTF-8.
  static func append(_ value: UInt32, to out: inout [UInt8]) {
    switch value {
    case ..<0x80: out.append(UInt8(value))
    case ..<0x800: out += [UInt8(0xC0 | value >> 6), UInt8(0x80 | value & 0x3F)]
    case ..<0x10000:
      out += [
        UInt8(0xE0 | value >> 12), UInt8(0x80 | value >> 6 & 0x3F), UInt8(0x80 | value & 0x3F),
      ]
    default:
      out += [
        UInt8(0xF0 | value >> 18), UInt8(0x80 | value >> 12 & 0x3F),
        UInt8(0x80 | value >> 6 & 0x3F),
        UInt8(0x80 | value & 0x3F),
      ]
    }
  }
}
