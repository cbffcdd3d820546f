internal import TinkerData

/// The bytes of a `data:` URI (RFC 2397).
enum DataURI {
  /// The bytes, or `nil` if the text is no data URI.
  ///
  /// - Throws: `ImageError` of kind `unavailable` for a data URI that is malformed.
  static func bytes(of text: String) throws(ImageError) -> [UInt8]? {
    let utf8 = Array(text.utf8)
    guard utf8.count >= 5, utf8[..<5].elementsEqual("data:".utf8, by: { $0 | 0x20 == $1 | 0x20 })
    else { return nil }
    guard let comma = utf8.firstIndex(of: UInt8(ascii: ",")) else {
      throw ImageError(.unavailable, "a data URI without a comma")
    }
    let media = utf8[5..<comma].map { (65...90).contains($0) ? $0 | 0x20 : $0 }
    guard let content = percentDecoded(utf8[(comma + 1)...]) else {
      throw ImageError(.unavailable, "a data URI with a malformed percent sign")
    }
    guard media.suffix(7).elementsEqual(";base64".utf8) else { return content }
    guard let bytes = Base64.decode(String(decoding: content, as: UTF8.self)) else {
      throw ImageError(.unavailable, "a data URI whose Base64 is malformed")
    }
    return bytes
  }

  private static func percentDecoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    guard text.contains(UInt8(ascii: "%")) else { return Array(text) }
    var out: [UInt8] = []
    out.reserveCapacity(text.count)
    var index = text.startIndex
    while index < text.endIndex {
      if text[index] == UInt8(ascii: "%") {
        guard index + 2 < text.endIndex, let high = digit(text[index + 1]),
          let low = digit(text[index + 2])
        else { return nil }
        out.append(high << 4 | low)
        index += 3
      } else {
        out.append(text[index])
        index += 1
      }
    }
    return out
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
