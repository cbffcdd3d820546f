/// PNG files written as plainly as possible: no compression, no filters.
enum TestPNG {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// A file of rows that are packed already.
  static func file(
    width: Int, height: Int, depth: Int = 8, color: Int = 2, rows: [[UInt8]],
    extra: [UInt8] = []
  ) -> [UInt8] {
    let data = rows.flatMap { (row: [UInt8]) -> [UInt8] in [0] + row }
    return signature + header(width: width, height: height, depth: depth, color: color) + extra
      + chunk("IDAT", stored(data)) + chunk("IEND", [])
  }

  /// A file of RGB in which every byte differs from its neighbours.
  static func picture(width: Int, height: Int, extra: [UInt8] = []) -> [UInt8] {
    let rows = (0..<height).map { y in
      (0..<width * 3).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ y &* 101 &+ $0 &* y) }
    }
    return file(width: width, height: height, rows: rows, extra: extra)
  }

  static func header(width: Int, height: Int, depth: Int = 8, color: Int = 2) -> [UInt8] {
    chunk("IHDR", bigEndian(width) + bigEndian(height) + [UInt8(depth), UInt8(color), 0, 0, 0])
  }

  static func chunk(_ type: String, _ body: [UInt8]) -> [UInt8] {
    let content = Array(type.utf8) + body
    var checksum: UInt32 = 0xFFFF_FFFF
    for byte in content {
      checksum ^= UInt32(byte)
      for _ in 0..<8 {
        checksum = checksum & 1 == 1 ? checksum >> 1 ^ 0xEDB8_8320 : checksum >> 1
      }
    }
    return bigEndian(body.count) + content + bigEndian(Int(~checksum))
  }

  static func bigEndian(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// A zlib stream of stored blocks.
  private static func stored(_ data: [UInt8]) -> [UInt8] {
    var out: [UInt8] = [0x78, 0x01]
    var start = 0
    repeat {
      let length = min(data.count - start, 0xFFFF)
      out.append(start + length == data.count ? 1 : 0)
      out += [UInt8(length & 0xFF), UInt8(length >> 8), UInt8(~length & 0xFF)]
      out.append(UInt8(~length >> 8 & 0xFF))
      out += data[start..<start + length]
      start += length
    } while start < data.count
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in data {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    return out + bigEndian(Int(high << 16 | low))
  }
}
