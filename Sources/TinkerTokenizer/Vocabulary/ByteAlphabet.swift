/// The 256 characters that stand for bytes in byte-level vocabularies.
///
/// Printable Latin-1 characters stand for their own code; the other 68 bytes, in ascending order, are
/// U+0100 to U+0143. The space is `Ġ`, the newline `Ċ`.
enum ByteAlphabet {
  /// The byte that a two-byte character stands for, or `nil`.
  @inline(__always)
  static func byte(lead: UInt8, trail: UInt8) -> UInt8? {
    switch lead {
    case 0xC2:
      return trail >= 0xA1 && trail != 0xAD && trail <= 0xBF ? trail : nil
    case 0xC3:
      return trail & 0xC0 == 0x80 ? trail | 0xC0 : nil
    case 0xC4, 0xC5:
      guard trail & 0xC0 == 0x80 else { return nil }
      return unprintable(lead << 6 | trail & 0x3F)
    default:
      return nil
    }
  }

  /// The byte that an ASCII character stands for, or `nil`.
  @inline(__always)
  static func byte(ascii: UInt8) -> UInt8? {
    ascii >= 0x21 && ascii <= 0x7E ? ascii : nil
  }

  /// The byte that U+0100 + index stands for, or `nil`.
  @inline(__always)
  private static func unprintable(_ index: UInt8) -> UInt8? {
    switch index {
    case 0...0x20: index
    case 0x21...0x42: index &+ 0x5E
    case 0x43: 0xAD
    default: nil
    }
  }

  /// The character that stands for a byte.
  static func scalar(for byte: UInt8) -> Unicode.Scalar {
    switch byte {
    case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: Unicode.Scalar(byte)
    case 0...0x20: scalar(0x100 + UInt16(byte))
    case 0xAD: scalar(0x143)
    default: scalar(0x121 + UInt16(byte) - 0x7F)
    }
  }

  private static func scalar(_ code: UInt16) -> Unicode.Scalar {
    Unicode.Scalar(code) ?? "\u{FFFD}"
  }

  /// Appends the bytes that a text stands for.
  ///
  /// - Returns: `false`, with nothing appended, if a character is not of the alphabet.
  static func append(bytesOf text: Span<UInt8>, to out: inout [UInt8]) -> Bool {
    let start = out.count
    let count = text.count
    // There are at most as many bytes as the text has; room for all is made at once.
    unsafe text.withUnsafeBufferPointer { unsafe out.append(contentsOf: $0) }
    var room = out.mutableSpan
    var index = 0
    var place = start
    while index < count {
      let lead = text[index]
      if lead < 0x80 {
        guard let byte = byte(ascii: lead) else { break }
        room[place] = byte
        index &+= 1
      } else {
        guard index + 1 < count, let byte = byte(lead: lead, trail: text[index + 1]) else { break }
        room[place] = byte
        index &+= 2
      }
      place &+= 1
    }
    out.removeLast(out.count - (index == count ? place : start))
    return index == count
  }

  /// Appends the characters that stand for bytes, as UTF-8.
  static func append(charactersFor bytes: Span<UInt8>, to out: inout [UInt8]) {
    for index in bytes.indices {
      out.append(
        contentsOf: UTF8.encode(scalar(for: bytes[index])) ?? UTF8.encodedReplacementCharacter)
    }
  }
}
