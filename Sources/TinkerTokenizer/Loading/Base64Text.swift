/// Reads base 64, as `tiktoken.model` uses it: with padding, without line breaks.
enum Base64Text {
  /// Appends the bytes that a text stands for; `false` if it is no base 64.
  static func append(bytesOf text: ArraySlice<UInt8>, to out: inout [UInt8]) -> Bool {
    guard text.count % 4 == 0 else { return false }
    let body = text.prefix { $0 != UInt8(ascii: "=") }
    guard text.count - body.count <= 2,
      text[body.endIndex...].allSatisfy({ $0 == UInt8(ascii: "=") })
    else { return false }
    var bits: UInt32 = 0
    var held = 0
    for character in body {
      guard let value = value(of: character) else { return false }
      bits = bits << 6 | UInt32(value)
      held += 6
      if held >= 8 {
        held -= 8
        out.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
      }
    }
    return true
  }

  private static func value(of character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
