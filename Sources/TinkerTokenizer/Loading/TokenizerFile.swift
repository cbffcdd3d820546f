import TinkerJSON

/// What a `tokenizer.json` says.
struct TokenizerFile: Sendable {
  var model = ModelDescription()
  var addedTokens: [AddedToken] = []
  /// Whether the added tokens have the ids that they come with. Those of a `tokenizer.json` do not.
  var trustsAddedIDs = false
  var normalizer = Normalizer()
  var preTokenizer = PreTokenizer()
  var postProcessor = PostProcessor()
  var decoder: TokenDecoder

  /// Reads the bytes of a file. `name` is for messages.
  init(json bytes: [UInt8], name: String) throws(TokenizerError) {
    decoder = try TokenDecoder(json: nil)
    var modelReader = ModelReader()
    do {
      try read(bytes, name: name, &modelReader)
    } catch {
      // Merges cannot be understood before the prefix is known, which may stand behind them.
      guard case .tokenOutOfVocabulary = error, !modelReader.hasPrefix else { throw error }
      self = try TokenizerFile()
      modelReader = ModelReader()
      modelReader.leavesMerges = true
      try read(bytes, name: name, &modelReader)
    }
    if modelReader.mustReadMergesAgain {
      var again = FieldReader(bytes.span, file: name)
      try modelReader.readMergesAgain(&again)
    }
    model = modelReader.model
  }

  /// An empty description.
  private init() throws(TokenizerError) { decoder = try TokenDecoder(json: nil) }

  private mutating func read(
    _ bytes: [UInt8], name: String, _ modelReader: inout ModelReader
  ) throws(TokenizerError) {
    var seen: Set<String> = []
    var reader = FieldReader(bytes.span, file: name)
    try reader.beginObject()
    while let token = try reader.nextKey() {
      let key = try reader.text(of: token)
      reader.field = key
      guard seen.insert(key).inserted else {
        throw .invalidValue(field: key, value: "given twice", expected: "each field once")
      }
      if key == "model" {
        try modelReader.read(&reader, byteCount: bytes.count)
      } else {
        try readField(key, &reader)
      }
      reader.field = ""
    }
    try reader.finish()
    guard seen.contains("model") else { throw .missingField(file: name, field: "model") }
  }

  private mutating func readField(
    _ key: String, _ reader: inout FieldReader
  ) throws(TokenizerError) {
    switch key {
    case "version": try Self.check(version: reader.readValue())
    case "truncation", "padding": try reader.skipValue()
    case "added_tokens": try readAddedTokens(&reader)
    case "normalizer": normalizer = try Normalizer(json: reader.readValue())
    case "pre_tokenizer": preTokenizer = try PreTokenizer(json: reader.readValue())
    case "post_processor": postProcessor = try PostProcessor(json: reader.readValue())
    case "decoder": decoder = try TokenDecoder(json: reader.readValue())
    default: throw .unsupported(field: "the top-level field \"\(key)\"", value: "unknown")
    }
  }

  private static func check(version: JSONValue) throws(TokenizerError) {
    if version != "1.0" {
      throw .unsupported(field: "version", value: version.shortText)
    }
  }

  private mutating func readAddedTokens(_ reader: inout FieldReader) throws(TokenizerError) {
    if try reader.readNullIfPresent() { return }
    try reader.beginArray()
    while try reader.nextElement() {
      addedTokens.append(
        try AddedToken(
          json: reader.readValue(), field: "added_tokens[\(addedTokens.count)]"))
    }
  }
}
