/// A PNG of one colour, its pixels stored uncompressed.
public enum PNG {
  /// The bytes of a file: a square of that side in pixels.
  public static func oneColour(_ red: UInt8, _ green: UInt8, _ blue: UInt8, side: Int = 64)
    -> [UInt8]
  {
    func bigEndian(_ value: UInt32) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }
    func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
      let body = Array(type.utf8) + data
      var crc: UInt32 = 0xFFFF_FFFF
      for byte in body {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
      }
      return bigEndian(UInt32(data.count)) + body + bigEndian(~crc)
    }
    let row: [UInt8] = [0] + (0..<side).flatMap { _ in [red, green, blue] }
    let raw: [UInt8] = (0..<side).flatMap { _ in row }
    var stream: [UInt8] = [0x78, 0x01]
    for start in stride(from: 0, to: raw.count, by: 65535) {
      let part = raw[start..<min(raw.count, start + 65535)]
      let count = UInt16(part.count)
      stream += [start + 65535 >= raw.count ? 1 : 0]
      stream += [UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8)]
      stream += part
    }
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in raw {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    stream += bigEndian(b << 16 | a)
    let size = bigEndian(UInt32(side))
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", size + size + [8, 2, 0, 0, 0]) + chunk("IDAT", stream) + chunk("IEND", [])
  }
}
