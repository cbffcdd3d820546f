/// Reads bytes as UTF-8, with one U+FFFD for each maximal part that is not.
enum LossyUTF8 {
  /// U+FFFD in UTF-8.
  static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

  /// The text of bytes.
  static func text(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    return String(decoding: repaired(bytes), as: UTF8.self)
  }

  /// The bytes themselves if they are UTF-8, and their repaired form otherwise.
  static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    if String(validating: bytes, as: UTF8.self) != nil { return bytes }
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count + 16)
    var index = 0
    while index < bytes.count {
      let (length, isValid) = sequence(bytes.span, at: index)
      if isValid {
        out.append(contentsOf: bytes[index..<index + length])
      } else {
        out.append(contentsOf: replacement)
      }
      index += length
    }
    return out
  }

  /// The sequence that begins at a place: a whole character, or the longest beginning of one.
  ///
  /// The second byte decides about surrogates, overlong forms and the end of Unicode (table 3-7 of
  /// the Unicode standard).
  static func sequence(_ bytes: Span<UInt8>, at start: Int) -> (length: Int, isValid: Bool) {
    let lead = bytes[start]
    let wanted: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0x00...0x7F: return (1, true)
    case 0xC2...0xDF: wanted = 2
    case 0xE0...0xEF:
      wanted = 3
      if lead == 0xE0 { second = 0xA0...0xBF }
      if lead == 0xED { second = 0x80...0x9F }
    case 0xF0...0xF4:
      wanted = 4
      if lead == 0xF0 { second = 0x90...0xBF }
      if lead == 0xF4 { second = 0x80...0x8F }
    default: return (1, false)
    }
    var length = 1
    while length < wanted {
      let place = start + length
      let range = length == 1 ? second : 0x80...0xBF
      guard place < bytes.count, range.contains(bytes[place]) else { return (length, false) }
      length += 1
    }
    return (length, true)
  }

  /// Whether the text of these bytes ends in U+FFFD, be it written or put in.
  static func endsInReplacement(_ bytes: Span<UInt8>) -> Bool {
    guard !bytes.isEmpty else { return false }
    // The last character begins at one of the last four bytes.
    var start = bytes.count - 1
    while start > 0, bytes.count - start < 4, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    let (length, isValid) = sequence(bytes, at: start)
    guard isValid, start + length == bytes.count else { return true }
    return length == 3 && bytes[start] == 0xEF && bytes[start + 1] == 0xBF
      && bytes[start + 2] == 0xBD
  }
}
