public import TinkerData

/// What the header of an image file says, read without decoding a pixel.
public struct ImageHeader: Sendable, Hashable {
  /// How a file stores its pixels. The raw values are the names that Pillow gives.
  public enum Mode: String, Sendable, Hashable {
    /// One bit of grey.
    case bilevel = "1"
    /// Up to eight bits of grey.
    case gray = "L"
    /// Sixteen bits of grey.
    case gray16 = "I;16"
    /// Grey with alpha.
    case grayAlpha = "LA"
    /// A palette.
    case palette = "P"
    /// Red, green and blue.
    case rgb = "RGB"
    /// Red, green, blue and alpha.
    case rgba = "RGBA"
    /// Cyan, magenta, yellow and black.
    case cmyk = "CMYK"
  }

  /// The most pixels that are decoded unless the caller says otherwise: Pillow's limit.
  public static let defaultPixelLimit = 178_956_970

  /// The format of the file.
  public let format: ImageFormat
  /// How the file stores its pixels.
  public let mode: Mode
  /// Width in pixels, as stored.
  public let width: Int
  /// Height in pixels, as stored.
  public let height: Int
  /// How the stored picture must be turned to stand upright.
  public let orientation: ImageOrientation
  /// Bits of a sample.
  public let bitDepth: Int
  /// Whether the file has an alpha channel or marks colours as transparent.
  public let hasTransparency: Bool

  /// The comment of a JPEG file, which a new encoding keeps.
  let comment: [UInt8]
  /// The most bytes that the compressed data of a PNG file can become, at the best ratio that its
  /// compression allows; `nil` for JPEG.
  let dataCapacity: Int?

  /// Reads the header of a PNG or JPEG file.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - pixelLimit: The most pixels that are accepted.
  /// - Throws: `ImageError`, for files of other formats, damaged headers and pictures over the limit.
  public init(
    of bytes: Span<UInt8>, pixelLimit: Int = defaultPixelLimit
  ) throws(ImageError) {
    switch try ImageFormat(of: bytes) {
    case .png: self = try Self(png: PNGHeader(bytes, pixelLimit: pixelLimit))
    case .jpeg: self = try Self(jpeg: JPEGHeader(bytes, pixelLimit: pixelLimit))
    }
  }

  /// Reads the header of a PNG or JPEG file.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - pixelLimit: The most pixels that are accepted.
  /// - Throws: `ImageError`, for files of other formats, damaged headers and pictures over the limit.
  public init(
    of bytes: [UInt8], pixelLimit: Int = defaultPixelLimit
  ) throws(ImageError) {
    try self.init(of: bytes.span, pixelLimit: pixelLimit)
  }

  private init(png header: PNGHeader) {
    format = .png
    mode = header.mode
    width = header.width
    height = header.height
    orientation = header.orientation
    bitDepth = header.bitDepth
    hasTransparency = header.hasTransparency
    comment = []
    dataCapacity = header.dataCapacity
  }

  private init(jpeg header: JPEGHeader) {
    format = .jpeg
    mode = header.mode
    width = header.width
    height = header.height
    orientation = header.orientation
    bitDepth = 8
    hasTransparency = false
    comment = header.comment
    dataCapacity = nil
  }

  /// Width and height in pixels after the picture has been turned as the rule says.
  public func size(turned rule: OrientationRule) -> (width: Int, height: Int) {
    rule == .apply && orientation.swapsSides ? (height, width) : (width, height)
  }

  /// Refuses sizes that have no pixels or too many.
  static func check(
    width: Int, height: Int, pixelLimit: Int, at offset: Int
  ) throws(ImageError) {
    guard width > 0, height > 0 else {
      throw ImageError(
        .corrupt, "the header gives a size of \(width) × \(height) pixels (byte \(offset))")
    }
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixels <= pixelLimit else {
      throw ImageError(
        .tooLarge,
        "the picture has \(width) × \(height) pixels; the limit is \(pixelLimit) pixels")
    }
  }
}
