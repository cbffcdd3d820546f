/// The `ByteFallback` decoder: `<0xE2>`, `<0x82>`, `<0xAC>` become `€`.
enum ByteFallbackRuns {
  /// Replaces each run of byte tokens by its text, or by one U+FFFD for each byte if it is no UTF-8.
  static func decode(_ strings: [[UInt8]]) -> [[UInt8]] {
    var out: [[UInt8]] = []
    var run: [UInt8] = []
    for string in strings {
      if let byte = byte(of: string) {
        run.append(byte)
      } else {
        close(&run, into: &out)
        out.append(string)
      }
    }
    close(&run, into: &out)
    return out
  }

  private static func close(_ run: inout [UInt8], into out: inout [[UInt8]]) {
    if run.isEmpty { return }
    if String(validating: run, as: UTF8.self) != nil {
      out.append(run)
    } else {
      out.append(contentsOf: repeatElement(LossyUTF8.replacement, count: run.count))
    }
    run.removeAll(keepingCapacity: true)
  }

  /// The byte that `<0xXX>` names, in either case; the reference also reads `<0x+F>`.
  private static func byte(of string: [UInt8]) -> UInt8? {
    guard string.count == 6, string.starts(with: "<0x".utf8), string[5] == UInt8(ascii: ">") else {
      return nil
    }
    guard let low = digit(string[4]) else { return nil }
    if string[3] == UInt8(ascii: "+") { return low }
    return digit(string[3]).map { $0 << 4 | low }
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
