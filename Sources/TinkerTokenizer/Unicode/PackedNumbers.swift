/// Reads the numbers of a generated table: five bits a character, lowest first. A character from `0`
/// on ends a number, one from `P` on continues it.
struct PackedNumbers: Sequence, IteratorProtocol {
  private let text: [UInt8]
  private var offset = 0

  init(_ text: StaticString) {
    self.text = text.withUTF8Buffer { unsafe Array($0) }
  }

  mutating func next() -> UInt32? {
    var value: UInt32 = 0
    var shift: UInt32 = 0
    while offset < text.count {
      let digit = UInt32(text[offset]) &- 48
      offset += 1
      value |= (digit & 31) << shift
      if digit < 32 { return value }
      shift += 5
    }
    return nil
  }
}
