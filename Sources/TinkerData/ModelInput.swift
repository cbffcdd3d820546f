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

  /// An input of one run of tokens.
  public init(tokens: [UInt32]) {
    chunks = [.tokens(tokens)]
  }

  /// The number of positions: tokens, and each image's expected tokens.
  public var length: Int { chunks.reduce(0) { $0 + $1.length } }

  /// All tokens, or `nil` if there is anything but tokens among the chunks.
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

  /// Reads the service's JSON form.
  ///
  /// - Throws: `DataError` with the path of the member that is missing or of another type.
  public init(json: JSONValue) throws(DataError) {
    let fields = JSONFields(json, at: "model input")
    chunks = try fields.array("chunks") { (value, path) throws(DataError) in
      try ModelInputChunk(json: value, at: path)
    }
  }
}

/// One part of a model's input.
public enum ModelInputChunk: Sendable, Hashable {
  /// A run of token ids.
  case tokens([UInt32])
  /// An image, which takes as many positions as it has expected tokens.
  case image(ImageChunk)
  /// An image that the service has already, named by its place there.
  case imageAssetPointer(ImageAssetPointer)
  /// Audio, which takes as many positions as its container has frames.
  case audio(AudioChunk)

  /// The number of positions.
  public var length: Int {
    switch self {
    case .tokens(let tokens): tokens.count
    case .image(let image): image.expectedTokens
    case .imageAssetPointer(let pointer): pointer.expectedTokens
    case .audio(let audio): audio.frameCount
    }
  }

  /// Writes the service's JSON form: an object whose `type` is `encoded_text`, `image`,
  /// `image_asset_pointer` or `dmel`.
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
    case .imageAssetPointer(let pointer):
      writer.string("image_asset_pointer")
      writer.key("location")
      writer.string(pointer.location)
      writer.key("format")
      writer.string(pointer.format.rawValue)
      writer.key("expected_tokens")
      writer.integer(pointer.expectedTokens)
    case .audio(let audio):
      writer.string("dmel")
      writer.key("dmel")
      writer.string(Base64.encode(audio.data))
    }
    writer.endObject()
  }

  /// Reads the service's JSON form. An image that does not tell its tokens has 0 expected tokens.
  ///
  /// - Throws: `DataError` with the path of what is wrong.
  public init(json: JSONValue) throws(DataError) { try self.init(json: json, at: "chunk") }

  init(json: JSONValue, at path: String) throws(DataError) {
    let fields = JSONFields(json, at: path)
    switch try fields.string("type") {
    case "encoded_text":
      self = .tokens(
        try fields.array("tokens") { (value, path) throws(DataError) in
          guard let token = value.int.flatMap(UInt32.init(exactly:)) else {
            throw .unexpected("a token id", at: path)
          }
          return token
        })
    case "image":
      self = .image(
        ImageChunk(
          data: try fields.base64("data"), format: try Self.format(fields),
          expectedTokens: try fields.optionalInt("expected_tokens") ?? 0, width: 0, height: 0))
    case "image_asset_pointer":
      self = .imageAssetPointer(
        ImageAssetPointer(
          location: try fields.string("location"), format: try Self.format(fields),
          expectedTokens: try fields.optionalInt("expected_tokens") ?? 0))
    case "dmel":
      self = .audio(try AudioChunk(data: try fields.base64("dmel")))
    case let other:
      throw .unexpected(
        "encoded_text, image, image_asset_pointer or dmel, not \(other)", at: path + ".type")
    }
  }

  private static func format(_ fields: JSONFields) throws(DataError) -> ImageChunk.Format {
    guard let format = ImageChunk.Format(rawValue: try fields.string("format")) else {
      throw .unexpected("png or jpeg", at: fields.path + ".format")
    }
    return format
  }
}
