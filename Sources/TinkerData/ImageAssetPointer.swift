/// An image that the service stores, named by its place there. Sampling takes it; training does not.
public struct ImageAssetPointer: Sendable, Hashable {
  /// Where the service keeps the image.
  public var location: String
  /// The encoding of the stored file.
  public var format: ImageChunk.Format
  /// The positions that the image takes; 0 if that is not known.
  public var expectedTokens: Int

  /// A pointer with what is known of the image.
  public init(location: String, format: ImageChunk.Format, expectedTokens: Int) {
    self.location = location
    self.format = format
    self.expectedTokens = expectedTokens
  }
}
