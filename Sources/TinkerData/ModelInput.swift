public import TinkerJSON

/// What a model reads: runs of tokens and images, in order.
///
/// Chunk borders carry no meaning for the model; they record which text was encoded in one call.
public struct ModelInput: Sendable, Hashable {
  /// The chunks in order.
  public var chunks: [ModelInputChunk]

  /// An input of chunks.
  public init(chunks: [ModelInputChunk] = []) {
    self.chunks = chunks
  }

  /// The number of positions: tokens, and each image's expected tokens.
  public var length: Int { chunks.reduce(0) { $0 + $1.length } }

  /// All tokens, or `nil` if there is an image among the chunks.
  public var tokens: [UInt32]? {
    var out: [UInt32] = []
    for chunk in chunks {
      guard case .tokens(let tokens) = chunk else { return nil }
      out += tokens
    }
    return out
  }

  /// Writes the service's JSON form: `{"chunks":[…]}`.
  public func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("chunks")
    writer.beginArray()
    for chunk in chunks { chunk.write(to: &writer) }
    writer.endArray()
    writer.endObject()
  }
}

/// One part of a model's input.
public enum ModelInputChunk: Sendable, Hashable {
  /// A run of token ids.
  case tokens([UInt32])
  /// An image, which takes as many positions as it has expected tokens.
  case image(ImageChunk)

  /// The number of positions.
  public var length: Int {
    switch self {
    case .tokens(let tokens): tokens.count
    case .image(let image): image.expectedTokens
    }
  }

  /// Writes the service's JSON form: `{"type":"encoded_text",…}` or `{"type":"image",…}`.
  public func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("type")
    switch self {
    case .tokens(let tokens):
      writer.string("encoded_text")
      writer.key("tokens")
      writer.beginArray()
      for token in tokens { writer.integer(Int(token)) }
      writer.endArray()
    case .image(let image):
      writer.string("image")
      writer.key("data")
      writer.string(Base64.encode(image.data))
      writer.key("format")
      writer.string(image.format.rawValue)
      writer.key("expected_tokens")
      writer.integer(image.expectedTokens)
    }
    writer.endObject()
  }
}
