public import TinkerData

/// A decoded picture of 8-bit RGB.
public struct RGBImage: Sendable, Hashable {
  /// Width in pixels.
  public let width: Int
  /// Height in pixels.
  public let height: Int
  /// Height × width × 3 bytes, row by row, without padding.
  public let bytes: [UInt8]

  /// A picture of its bytes.
  ///
  /// - Throws: `ImageError` of kind `corrupt` when the number of bytes does not fit the size.
  public init(width: Int, height: Int, bytes: [UInt8]) throws(ImageError) {
    try ImageHeader.check(width: width, height: height, pixelLimit: Int.max / 3, at: 0)
    guard bytes.count == width * height * 3 else {
      throw ImageError(
        .corrupt, "\(width) × \(height) pixels of RGB are not \(bytes.count) bytes")
    }
    self.init(unchecked: bytes, width: width, height: height)
  }

  init(unchecked bytes: [UInt8], width: Int, height: Int) {
    self.width = width
    self.height = height
    self.bytes = bytes
  }

  /// Decodes a PNG or JPEG file.
  ///
  /// - Parameters:
  ///   - file: The bytes of the file.
  ///   - options: What becomes of transparency, orientation and 16-bit grey.
  /// - Throws: `ImageError`, with the library's sentence and the place in the file.
  public init(
    decoding file: [UInt8], options: DecodingOptions = DecodingOptions()
  ) throws(ImageError) {
    let header = try ImageHeader(of: file, pixelLimit: options.pixelLimit)
    var rows = try RGBRows(file.span, header: header, options: options)
    self = try rows.readAll()
  }
}
