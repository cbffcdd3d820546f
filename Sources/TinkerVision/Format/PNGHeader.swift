internal import TinkerData

/// The fixed header of a PNG file, and what its chunk list tells without inflating anything.
struct PNGHeader {
  let width: Int
  let height: Int
  let bitDepth: Int
  let mode: ImageHeader.Mode
  private(set) var hasTransparency: Bool
  private(set) var orientation = ImageOrientation.up
  private(set) var dataCapacity = 0

  /// The best ratio of deflate, 258 bytes for two bits, and room for the ends of the stream.
  private static let bestRatio = 1032
  private static let ratioSlack = 65_536

  init(_ bytes: Span<UInt8>, pixelLimit: Int) throws(ImageError) {
    guard let length = bytes.bigEndian32(at: 8), bytes.count >= 16 else {
      throw ImageError(.truncated, "the file ends before the PNG header (byte \(bytes.count))")
    }
    guard bytes.hasBytes("IHDR", at: 12), length == 13 else {
      throw ImageError(.corrupt, "the first chunk is not a PNG header (byte 8)")
    }
    guard let width = bytes.bigEndian32(at: 16), let height = bytes.bigEndian32(at: 20),
      let checksum = bytes.bigEndian32(at: 29)
    else {
      throw ImageError(.truncated, "the file ends within the PNG header (byte \(bytes.count))")
    }
    guard Self.checksum(of: bytes, in: 12..<29) == UInt32(truncatingIfNeeded: checksum) else {
      throw ImageError(.corrupt, "the check sum of the PNG header is wrong (byte 29)")
    }
    self.width = width
    self.height = height
    bitDepth = Int(bytes[24])
    let color = Int(bytes[25])
    guard let mode = Self.mode(color: color, depth: bitDepth) else {
      throw ImageError(
        .corrupt, "PNG has no colour type \(color) with \(bitDepth) bits (byte 24)")
    }
    self.mode = mode
    hasTransparency = color == 4 || color == 6
    guard bytes[26] == 0, bytes[27] == 0, bytes[28] <= 1 else {
      throw ImageError(
        .corrupt,
        "the PNG header names a compression, filter or interlacing that PNG has not (byte 26)"
      )
    }
    guard width <= 0x7FFF_FFFF, height <= 0x7FFF_FFFF else {
      throw ImageError(.corrupt, "a side of the PNG header has more than 31 bits (byte 16)")
    }
    try ImageHeader.check(width: width, height: height, pixelLimit: pixelLimit, at: 16)
    readChunks(bytes)
  }

  /// Walks along the chunks as far as they hold together; damage is the decoder's to report.
  private mutating func readChunks(_ bytes: Span<UInt8>) {
    var offset = 33
    var dataBytes = 0
    while let length = bytes.bigEndian32(at: offset), offset + 8 <= bytes.count {
      let body = offset + 8..<offset + 8 + length
      if bytes.hasBytes("IDAT", at: offset + 4) {
        dataBytes += min(length, bytes.count - body.lowerBound)
      } else if bytes.hasBytes("tRNS", at: offset + 4) {
        hasTransparency = true
      } else if bytes.hasBytes("eXIf", at: offset + 4), body.upperBound <= bytes.count {
        orientation = ImageOrientation(exif: bytes, in: body)
      } else if bytes.hasBytes("IEND", at: offset + 4) {
        break
      }
      offset = body.upperBound + 4
    }
    dataCapacity = dataBytes * Self.bestRatio + Self.ratioSlack
  }

  private static func mode(color: Int, depth: Int) -> ImageHeader.Mode? {
    switch (color, depth) {
    case (0, 1): .bilevel
    case (0, 2), (0, 4), (0, 8): .gray
    case (0, 16): .gray16
    case (2, 8), (2, 16): .rgb
    case (3, 1), (3, 2), (3, 4), (3, 8): .palette
    case (4, 8): .grayAlpha
    case (4, 16), (6, 8), (6, 16): .rgba
    default: nil
    }
  }

  /// The CRC of PNG, bit by bit: it is taken of seventeen bytes only.
  private static func checksum(of bytes: Span<UInt8>, in range: Range<Int>) -> UInt32 {
    var value: UInt32 = 0xFFFF_FFFF
    for index in range {
      value ^= UInt32(bytes[index])
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
    return ~value
  }
}
