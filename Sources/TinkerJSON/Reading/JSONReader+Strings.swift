/// A string in the text: the bytes between its quotes, not yet decoded.
public struct JSONStringToken: Sendable, Hashable {
  /// The bytes between the quotes.
  public let range: Range<Int>
  /// Whether there are escapes to decode.
  public let hasEscapes: Bool
}

extension JSONReader {
  /// Reads a string without decoding it.
  public mutating func readStringToken() throws(JSONError) -> JSONStringToken {
    try expect(.string)
    return try scanString()
  }

  /// Reads a string as text.
  ///
  /// - Throws: `loneSurrogate` where the text is no Unicode, beside the errors of the grammar.
  public mutating func readString() throws(JSONError) -> String {
    let token = try readStringToken()
    return try text(of: token)
  }

  /// Reads a string that may be ill formed.
  public mutating func readJSONString() throws(JSONError) -> JSONString {
    let token = try readStringToken()
    return try string(of: token)
  }

  /// The text of a token.
  public func text(of token: JSONStringToken) throws(JSONError) -> String {
    if !token.hasEscapes {
      guard let text = String(validating: rawBytes(of: token)) else {
        throw error(.invalidUTF8, at: firstInvalidByte(in: token.range))
      }
      return text
    }
    guard let text = try string(of: token).text else {
      throw error(.loneSurrogate, at: token.range.lowerBound - 1)
    }
    return text
  }

  /// The decoded bytes of a token.
  public func string(of token: JSONStringToken) throws(JSONError) -> JSONString {
    var out: [UInt8] = []
    out.reserveCapacity(token.range.count)
    try appendBytes(of: token, to: &out)
    return JSONString(wtf8: out)
  }

  /// Appends the decoded bytes of a token: UTF-8, lone surrogates in their three-byte form.
  public func appendBytes(of token: JSONStringToken, to out: inout [UInt8]) throws(JSONError) {
    if String(validating: rawBytes(of: token)) == nil {
      throw error(.invalidUTF8, at: firstInvalidByte(in: token.range))
    }
    var index = token.range.lowerBound
    let end = token.range.upperBound
    while index < end {
      let byte = bytes[index]
      index += 1
      if byte != UInt8(ascii: "\\") {
        out.append(byte)
        continue
      }
      let escape = self.byte(at: index)
      index += 1
      switch escape {
      case UInt8(ascii: "n"): out.append(0x0A)
      case UInt8(ascii: "t"): out.append(0x09)
      case UInt8(ascii: "r"): out.append(0x0D)
      case UInt8(ascii: "b"): out.append(0x08)
      case UInt8(ascii: "f"): out.append(0x0C)
      case UInt8(ascii: "u"): index = appendUnicodeEscape(at: index, before: end, to: &out)
      default: out.append(escape)
      }
    }
  }

  /// Whether a token spells exactly this key.
  public func matches(_ token: JSONStringToken, _ key: StaticString) -> Bool {
    guard !token.hasEscapes else {
      guard let decoded = try? string(of: token) else { return false }
      return decoded.bytes.elementsEqual(String(describing: key).utf8)
    }
    guard token.range.count == key.utf8CodeUnitCount, key.hasPointerRepresentation else {
      return false
    }
    let start = token.range.lowerBound
    for index in 0..<token.range.count {
      // The pointer of a static string holds `utf8CodeUnitCount` bytes, and the counts are equal.
      if unsafe bytes[start + index] != key.utf8Start[index] { return false }
    }
    return true
  }

  /// The bytes of a token as they stand in the text, escapes and all.
  @_lifetime(copy self)
  public func rawBytes(of token: JSONStringToken) -> Span<UInt8> {
    bytes.extracting(token.range)
  }

  // MARK: Scanning

  /// Finds the end of the string that begins at `offset` and checks its escapes.
  mutating func scanString() throws(JSONError) -> JSONStringToken {
    let begin = offset
    var index = offset + 1
    var hasEscapes = false
    let count = bytes.count
    while true {
      while index < count {
        let byte = bytes[index]
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
        index += 1
      }
      guard index < count else { throw error(.unterminatedString, at: begin) }
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") { break }
      if byte < 0x20 { throw error(.invalidControlCharacter, at: index) }
      hasEscapes = true
      index = try checkEscape(at: index, begin: begin)
    }
    offset = index + 1
    return JSONStringToken(range: begin + 1..<index, hasEscapes: hasEscapes)
  }

  /// Checks the escape whose backslash stands at `index`; the index behind it.
  private func checkEscape(at index: Int, begin: Int) throws(JSONError) -> Int {
    guard index + 1 < bytes.count else { throw error(.unterminatedString, at: begin) }
    switch bytes[index + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return index + 2
    case UInt8(ascii: "u"):
      // Python asks for four more characters and one behind them besides the digits.
      guard hasScalars(5, from: index + 2), hexadecimal(at: index + 2) != nil else {
        throw error(.invalidUnicodeEscape, at: index + 1)
      }
      return index + 6
    default:
      throw error(.invalidEscape, at: index)
    }
  }

  private func hasScalars(_ wanted: Int, from start: Int) -> Bool {
    if bytes.count - start >= wanted * 4 { return true }
    var found = 0
    for index in min(start, bytes.count)..<bytes.count where bytes[index] & 0xC0 != 0x80 {
      found += 1
    }
    return found >= wanted
  }

  /// Four hexadecimal digits, or `nil`.
  private func hexadecimal(at start: Int) -> UInt32? {
    var value: UInt32 = 0
    for index in start..<start + 4 {
      let digit: UInt8
      switch byte(at: index) {
      case let byte where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"):
        digit = byte - UInt8(ascii: "0")
      case let byte where byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "f"):
        digit = byte - UInt8(ascii: "a") + 10
      case let byte where byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "F"):
        digit = byte - UInt8(ascii: "A") + 10
      default: return nil
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  /// Appends the character whose digits begin at `index`, with its other half if it has one.
  private func appendUnicodeEscape(at index: Int, before end: Int, to out: inout [UInt8]) -> Int {
    var next = index + 4
    guard var scalar = hexadecimal(at: index) else { return next }
    if scalar & 0xFC00 == 0xD800, next + 6 <= end, byte(at: next) == UInt8(ascii: "\\"),
      byte(at: next + 1) == UInt8(ascii: "u"), let low = hexadecimal(at: next + 2),
      low & 0xFC00 == 0xDC00
    {
      scalar = 0x10000 + (scalar & 0x3FF) << 10 + (low & 0x3FF)
      next += 6
    }
    switch scalar {
    case 0..<0x80: out.append(UInt8(scalar))
    case 0x80..<0x800:
      out.append(UInt8(0xC0 | scalar >> 6))
      out.append(UInt8(0x80 | scalar & 0x3F))
    case 0x800..<0x10000:
      out.append(UInt8(0xE0 | scalar >> 12))
      out.append(UInt8(0x80 | scalar >> 6 & 0x3F))
      out.append(UInt8(0x80 | scalar & 0x3F))
    default:
      out.append(UInt8(0xF0 | scalar >> 18))
      out.append(UInt8(0x80 | scalar >> 12 & 0x3F))
      out.append(UInt8(0x80 | scalar >> 6 & 0x3F))
      out.append(UInt8(0x80 | scalar & 0x3F))
    }
    return next
  }

  private func firstInvalidByte(in range: Range<Int>) -> Int {
    do {
      _ = try UTF8Span(validating: bytes.extracting(range))
      return range.lowerBound
    } catch {
      return range.lowerBound + error.byteOffsets.lowerBound
    }
  }
}

extension String {
  /// The text of bytes, or `nil` if they are not UTF-8.
  init?(validating bytes: Span<UInt8>) {
    guard let valid = try? UTF8Span(validating: bytes) else { return nil }
    self.init(copying: valid)
  }
}
