/// The port through which a renderer gets images, without knowing how they are decoded.
public protocol ImageChunkMaker: Sendable {
  /// The tokens of an image of that size, in pixels. Needs no image.
  ///
  /// - Throws: `ImageError` for sizes that the model refuses.
  func tokenCount(width: Int, height: Int) throws(ImageError) -> Int

  /// Loads an image and makes its chunk.
  ///
  /// - Throws: `ImageError` when the image cannot be loaded, decoded or sized.
  func chunk(for source: ImageSource) throws(ImageError) -> ImageChunk
}

/// Where an image's bytes come from.
public enum ImageSource: Sendable, Hashable {
  /// The bytes of a PNG or JPEG file.
  case bytes([UInt8])
  /// A data URI, a file path or an http(s) URL; what is opened is the maker's decision.
  case reference(String)
}

/// Why an image cannot be used.
public struct ImageError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of failures; the raw values are those of the worker protocol.
  public enum Kind: String, Sendable, Hashable {
    /// A file that is neither PNG nor JPEG, or a variant that is not supported.
    case unsupportedFormat
    /// The file ends too early.
    case truncated
    /// The file contradicts itself.
    case corrupt
    /// More pixels than the limit.
    case tooLarge
    /// One side is more than 200 times the other.
    case badAspectRatio
    /// The reference is not one that may be opened, or opening it failed.
    case unavailable
  }

  /// The kind of failure.
  public let kind: Kind
  /// A sentence that a person can act on.
  public let message: String

  /// An error with its sentence.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  /// The sentence.
  public var description: String { message }
}
