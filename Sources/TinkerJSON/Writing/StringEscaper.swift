/// Writes a string between quotes, by Python's rules of escaping.
package enum StringEscaper {
  private static let hexDigits = Array("0123456789abcdef".utf8)

  /// Appends a quoted string. With `isASCII` everything outside U+0020–007E is escaped, above
  /// U+FFFF as a surrogate pair; without it, only the quote, the backslash and U+0000–001F.
  package static func append(_ text: borrowing Span<UInt8>, isASCII: Bool, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    var index = 0
    while index < text.count {
      let byte = text[index]
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        out.append(UInt8(ascii: "\\"))
        out.append(byte)
        index += 1
      case 0x20..<0x7F:
        out.append(byte)
        index += 1
      case 0..<0x20:
        appendControl(byte, to: &out)
        index += 1
      default:
        let length = sequenceLength(byte)
        let isSurrogate = byte == 0xED && index + 1 < text.count && text[index + 1] >= 0xA0
        if isASCII || isSurrogate {
          appendEscapes(of: scalar(in: text, at: index, length: length), to: &out)
        } else {
          for place in index..<min(index + length, text.count) { out.append(text[place]) }
        }
        index += length
      }
    }
    out.append(UInt8(ascii: "\""))
  }

  private static func appendControl(_ byte: UInt8, to out: inout [UInt8]) {
    let short: UInt8? =
      switch byte {
      case 0x0A: UInt8(ascii: "n")
      case 0x0D: UInt8(ascii: "r")
      case 0x09: UInt8(ascii: "t")
      case 0x08: UInt8(ascii: "b")
      case 0x0C: UInt8(ascii: "f")
      default: nil
      }
    if let short {
      out.append(UInt8(ascii: "\\"))
      out.append(short)
    } else {
      appendEscape(of: UInt32(byte), to: &out)
    }
  }

  private static func sequenceLength(_ lead: UInt8) -> Int {
    lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
  }

  /// The scalar of a well-formed sequence (or of a surrogate in three bytes).
  private static func scalar(in text: borrowing Span<UInt8>, at start: Int, length: Int) -> UInt32 {
    if length == 1 { return UInt32(text[start]) }
    var value = UInt32(text[start]) & (0x7F >> UInt32(length))
    for index in start + 1..<min(start + length, text.count) {
      value = value << 6 | UInt32(text[index] & 0x3F)
    }
    return value
  }

  private static func appendEscapes(of scalar: UInt32, to out: inout [UInt8]) {
    if scalar < 0x10000 {
      appendEscape(of: scalar, to: &out)
    } else {
      let rest = scalar - 0x10000
      appendEscape(of: 0xD800 + rest >> 10, to: &out)
      appendEscape(of: 0xDC00 + rest & 0x3FF, to: &out)
    }
  }

  private static func appendEscape(of unit: UInt32, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\\"))
    out.append(UInt8(ascii: "u"))
    for shift: UInt32 in [12, 8, 4, 0] { out.append(hexDigits[Int(unit >> shift & 0xF)]) }
  }
}
