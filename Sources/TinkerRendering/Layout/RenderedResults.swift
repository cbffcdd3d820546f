public import TinkerData

/// A conversation as a training example.
public struct SupervisedExample: LaidOutTokens, Hashable {
  /// The tokens in order, with 0 at each position of an image.
  public package(set) var tokens: [UInt32] = []
  /// What the tokens are and how they are weighted, in order and without gaps.
  public package(set) var segments: [Segment] = []
  /// The images, in the order of the segments of kind `image`.
  public package(set) var images: [ImageChunk] = []

  /// An example without tokens, to render into.
  public init() {}

  /// An example of given tokens.
  public init(tokens: [UInt32], segments: [Segment], images: [ImageChunk] = []) {
    self.tokens = tokens
    self.segments = segments
    self.images = images
  }
}

/// A conversation as a prompt that the model continues. All weights are 0.
public struct RenderedPrompt: LaidOutTokens, Hashable {
  /// The tokens in order, with 0 at each position of an image.
  public package(set) var tokens: [UInt32] = []
  /// What the tokens are, in order and without gaps; none of them is empty.
  public package(set) var segments: [Segment] = []
  /// The images, in the order of the segments of kind `image`.
  public package(set) var images: [ImageChunk] = []

  /// A prompt without tokens, to render into.
  public init() {}
}
