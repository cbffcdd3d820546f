/// Checked reads of the numbers in file headers.
extension Span where Element == UInt8 {
  /// The big-endian 16-bit number at an offset, or `nil` past the end.
  func bigEndian16(at offset: Int) -> Int? {
    guard offset >= 0, offset <= count - 2 else { return nil }
    return Int(self[offset]) << 8 | Int(self[offset + 1])
  }

  /// The big-endian 32-bit number at an offset, or `nil` past the end.
  func bigEndian32(at offset: Int) -> Int? {
    guard let high = bigEndian16(at: offset), let low = bigEndian16(at: offset + 2) else {
      return nil
    }
    return high << 16 | low
  }

  /// Whether these bytes stand at an offset.
  func hasBytes(_ bytes: StaticString, at offset: Int = 0) -> Bool {
    guard offset >= 0, offset <= count - bytes.utf8CodeUnitCount else { return false }
    return bytes.withUTF8Buffer { expected in
      for index in expected.indices where unsafe expected[index] != self[offset + index] {
        return false
      }
      return true
    }
  }

  /// The bytes of a range as an array; the range must lie within the span.
  func copy(_ range: Range<Int>) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(range.count)
    for index in range { out.append(self[index]) }
    return out
  }
}
