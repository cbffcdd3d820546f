public import TinkerData

/// Makes the image chunks of a model's input: the port through which renderers get images.
public struct VisionChunkMaker: ImageChunkMaker {
  /// What a chunk carries.
  public enum Encoding: String, Sendable, Hashable, CaseIterable {
    /// The picture encoded anew as JPEG, byte for byte as the training reference sends it.
    case jpeg75
    /// The bytes of the file as they are, for 8-bit files without transparency that stand upright.
    case original
  }

  /// How the model chooses the size of a picture.
  public let size: ImageSizeRule
  /// What a chunk carries.
  public let encoding: Encoding
  /// What becomes of transparency, orientation and 16-bit grey.
  public let decoding: DecodingOptions
  /// What may be opened when a conversation refers to an image by a text.
  public let references: ImageReferencePolicy
  /// Is told of pictures that are not turned although a camera noted an orientation.
  private let onIgnoredOrientation: (@Sendable (ImageOrientation) -> Void)?

  /// A maker of chunks.
  ///
  /// - Parameters:
  ///   - size: How the model chooses the size of a picture.
  ///   - encoding: What a chunk carries; by default what the training reference sends.
  ///   - decoding: What becomes of transparency, orientation and 16-bit grey.
  ///   - references: What may be opened; by default data URIs only.
  ///   - onIgnoredOrientation: Is told of pictures that lie on their side because `decoding` ignores the
  ///     orientation that a camera noted.
  public init(
    size: ImageSizeRule = .qwen(.qwen3VL), encoding: Encoding = .jpeg75,
    decoding: DecodingOptions = DecodingOptions(), references: ImageReferencePolicy = .dataOnly,
    onIgnoredOrientation: (@Sendable (ImageOrientation) -> Void)? = nil
  ) {
    self.size = size
    self.encoding = encoding
    self.decoding = decoding
    self.references = references
    self.onIgnoredOrientation = onIgnoredOrientation
  }

  /// The tokens of a picture of that size, in pixels.
  ///
  /// - Throws: `ImageError` for sizes that the model refuses.
  public func tokenCount(width: Int, height: Int) throws(ImageError) -> Int {
    try size.grid(width: width, height: height).tokens
  }

  /// The tokens of a file's picture, from its header: nothing is decoded.
  ///
  /// - Throws: `ImageError` for headers and sizes that cannot be used.
  public func tokenCount(of file: Span<UInt8>) throws(ImageError) -> Int {
    let header = try ImageHeader(of: file, pixelLimit: decoding.pixelLimit)
    let (width, height) = header.size(turned: decoding.orientation)
    return try tokenCount(width: width, height: height)
  }

  /// Loads a picture and makes its chunk.
  ///
  /// - Throws: `ImageError` when the picture cannot be loaded, decoded or sized.
  public func chunk(for source: ImageSource) throws(ImageError) -> ImageChunk {
    let file = try references.bytes(of: source)
    let header = try ImageHeader(of: file, pixelLimit: decoding.pixelLimit)
    let (width, height) = header.size(turned: decoding.orientation)
    let grid = try size.grid(width: width, height: height)
    if decoding.orientation == .ignore, header.orientation != .up {
      onIgnoredOrientation?(header.orientation)
    }
    var chunk = ImageChunk(
      data: file, format: header.format == .png ? .png : .jpeg, expectedTokens: grid.tokens,
      width: width, height: height,
      grid: ImageChunk.PatchGrid(rows: grid.rows, columns: grid.columns))
    switch encoding {
    case .jpeg75:
      chunk.data = try ReencodedJPEG.encode(file, header: header, options: decoding)
      chunk.format = .jpeg
    case .original:
      guard header.bitDepth <= 8, !header.hasTransparency, header.orientation == .up else {
        throw ImageError(
          .unsupportedFormat,
          "only 8-bit files without transparency that stand upright are sent as they are")
      }
    }
    return chunk
  }

  /// Makes the chunk of a decoded picture, which is encoded as JPEG.
  ///
  /// - Throws: `ImageError` when the picture cannot be sized or encoded.
  public func chunk(of image: RGBImage) throws(ImageError) -> ImageChunk {
    let grid = try size.grid(width: image.width, height: image.height)
    return ImageChunk(
      data: try ReencodedJPEG.encode(image), format: .jpeg, expectedTokens: grid.tokens,
      width: image.width, height: image.height,
      grid: ImageChunk.PatchGrid(rows: grid.rows, columns: grid.columns))
  }
}
