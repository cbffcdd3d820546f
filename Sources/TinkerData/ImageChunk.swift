/// An encoded image with the number of tokens that it takes in the model's input.
public struct ImageChunk: Sendable, Hashable {
  /// The encodings that the service takes.
  public enum Format: String, Sendable, Hashable {
    /// Portable Network Graphics.
    case png
    /// JPEG.
    case jpeg
  }

  /// The bytes of the image file.
  public var data: [UInt8]
  /// The encoding of `data`.
  public var format: Format
  /// The positions that the image takes. The service computes its own count and may refuse a
  /// different one.
  public var expectedTokens: Int
  /// Width in pixels of the image as loaded.
  public var width: Int
  /// Height in pixels of the image as loaded.
  public var height: Int

  /// A chunk with all that is known of it.
  public init(data: [UInt8], format: Format, expectedTokens: Int, width: Int, height: Int) {
    self.data = data
    self.format = format
    self.expectedTokens = expectedTokens
    self.width = width
    self.height = height
  }
}
