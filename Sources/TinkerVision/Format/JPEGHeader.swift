internal import TinkerData

/// The segments of a JPEG file up to its first scan.
struct JPEGHeader {
  private(set) var width = 0
  private(set) var height = 0
  private(set) var mode = ImageHeader.Mode.rgb
  private(set) var orientation = ImageOrientation.up
  private(set) var comment: [UInt8] = []
  private var hasFrame = false
  private var hasExif = false

  init(_ bytes: Span<UInt8>, pixelLimit: Int) throws(ImageError) {
    var offset = 2
    while true {
      let (marker, body) = try Self.nextMarker(bytes, after: offset)
      switch marker {
      case 0x01, 0xD0...0xD7:
        offset = body
        continue
      case 0xD8:
        throw ImageError(.corrupt, "a second start of image (byte \(body - 2))")
      case 0xD9:
        throw ImageError(.corrupt, "the image ends before its first scan (byte \(body - 2))")
      default: break
      }
      guard let length = bytes.bigEndian16(at: body) else { throw Self.cut(bytes) }
      guard length >= 2 else {
        throw ImageError(.corrupt, "a segment of length \(length) (byte \(body))")
      }
      guard body + length <= bytes.count else { throw Self.cut(bytes) }
      let content = body + 2..<body + length
      switch marker {
      case 0xC4, 0xC8, 0xCC: break
      case 0xC0...0xCF:
        try readFrame(bytes, marker: marker, content: content, pixelLimit: pixelLimit)
      case 0xDA:
        guard hasFrame else {
          throw ImageError(.corrupt, "a scan without a frame before it (byte \(body))")
        }
        return
      case 0xE1 where !hasExif && bytes.hasBytes("Exif\u{0}\u{0}", at: content.lowerBound):
        hasExif = true
        orientation = ImageOrientation(exif: bytes, in: content)
      case 0xFE: comment = bytes.copy(content)
      default: break
      }
      offset = content.upperBound
    }
  }

  private mutating func readFrame(
    _ bytes: Span<UInt8>, marker: UInt8, content: Range<Int>, pixelLimit: Int
  ) throws(ImageError) {
    let offset = content.lowerBound
    guard marker <= 0xC2 || marker == 0xC9 || marker == 0xCA else {
      throw ImageError(
        .unsupportedFormat, "the file is a lossless or hierarchical JPEG (byte \(offset))")
    }
    guard !hasFrame else { throw ImageError(.corrupt, "a second frame (byte \(offset))") }
    guard content.count >= 6, let height = bytes.bigEndian16(at: offset + 1),
      let width = bytes.bigEndian16(at: offset + 3)
    else { throw ImageError(.corrupt, "a frame header of \(content.count) bytes (byte \(offset))") }
    let precision = bytes[offset]
    guard precision == 8 else {
      throw ImageError(
        .unsupportedFormat,
        "a JPEG with \(precision) bits for a sample; 8 are read (byte \(offset))")
    }
    try ImageHeader.check(width: width, height: height, pixelLimit: pixelLimit, at: offset + 1)
    let components = Int(bytes[offset + 5])
    switch components {
    case 1: mode = .gray
    case 3: mode = .rgb
    case 4: mode = .cmyk
    default:
      throw ImageError(.corrupt, "a JPEG with \(components) components (byte \(offset + 5))")
    }
    guard content.count == 6 + 3 * components else {
      throw ImageError(.corrupt, "a frame header of \(content.count) bytes (byte \(offset))")
    }
    hasFrame = true
    self.width = width
    self.height = height
  }

  /// The next marker and where the bytes after it begin; bytes between segments are passed over, as
  /// decoders do.
  private static func nextMarker(
    _ bytes: Span<UInt8>, after start: Int
  ) throws(ImageError) -> (marker: UInt8, body: Int) {
    var offset = start
    while offset < bytes.count {
      if bytes[offset] == 0xFF {
        while offset < bytes.count, bytes[offset] == 0xFF { offset += 1 }
        if offset < bytes.count, bytes[offset] != 0 { return (bytes[offset], offset + 1) }
      }
      offset += 1
    }
    throw cut(bytes)
  }

  private static func cut(_ bytes: Span<UInt8>) -> ImageError {
    ImageError(.truncated, "the file ends within the JPEG header (byte \(bytes.count))")
  }
}
