import TinkerJSON

/// What the `model` field says.
struct ModelDescription: Sendable {
  var vocabulary = VocabularyTable()
  var rules: [MergeTable.Rule] = []
  var unknownToken: String?
  var prefix: [UInt8] = []
  var suffix: [UInt8] = []
  var fusesUnknown = false
  var byteFallback = false
  var ignoresMerges = false
}

/// Reads the `model` field in one pass, without a tree.
struct ModelReader {
  private(set) var model = ModelDescription()
  /// Whether the merges are left to ``readMergesAgain(_:)``.
  var leavesMerges = false
  /// Whether the prefix has been read.
  private(set) var hasPrefix = false
  private var hasVocabulary = false
  private var hasMerges = false
  /// The prefix with which the merges were read.
  private var mergesPrefix: [UInt8]?

  /// Whether the merges stand before something that they need, so that another pass is due.
  var mustReadMergesAgain: Bool { hasMerges && mergesPrefix != model.prefix }

  /// Reads all fields of the model; the reader stands before its value.
  mutating func read(_ reader: inout FieldReader, byteCount: Int) throws(TokenizerError) {
    reader.field = "model"
    try reader.beginObject()
    while let token = try reader.nextKey() {
      let key = try reader.text(of: token)
      reader.field = "model.\(key)"
      switch key {
      case "type": try readType(&reader)
      case "vocab": try readVocabulary(&reader, byteCount: byteCount)
      case "merges":
        hasMerges = true
        if hasVocabulary && !leavesMerges {
          try readMerges(&reader)
        } else {
          try reader.skipValue()
        }
      case "dropout": try readDropout(&reader)
      case "unk_token": model.unknownToken = try reader.readOptionalText()
      case "continuing_subword_prefix":
        hasPrefix = true
        model.prefix = Array((try reader.readOptionalText() ?? "").utf8)
      case "end_of_word_suffix":
        model.suffix = Array((try reader.readOptionalText() ?? "").utf8)
      case "fuse_unk": model.fusesUnknown = try reader.readFlag()
      case "byte_fallback": model.byteFallback = try reader.readFlag()
      case "ignore_merges": model.ignoresMerges = try reader.readFlag()
      default: try reader.skipValue()
      }
      reader.field = "model"
    }
    for (isThere, field) in [(hasVocabulary, "model.vocab"), (hasMerges, "model.merges")]
    where !isThere {
      throw .missingField(file: reader.file, field: field)
    }
  }

  /// Reads the merges alone, in a second pass over the file.
  mutating func readMergesAgain(_ reader: inout FieldReader) throws(TokenizerError) {
    try reader.beginObject()
    while let token = try reader.nextKey() {
      guard try reader.text(of: token) == "model" else {
        try reader.skipValue()
        continue
      }
      try reader.beginObject()
      while let token = try reader.nextKey() {
        if try reader.text(of: token) == "merges" {
          reader.field = "model.merges"
          try readMerges(&reader)
        } else {
          try reader.skipValue()
        }
      }
    }
  }

  // MARK: Fields

  private func readType(_ reader: inout FieldReader) throws(TokenizerError) {
    let type = try reader.text(of: reader.readStringToken())
    if type != "BPE" { throw .unsupported(field: reader.field, value: "\"\(type)\"") }
  }

  private func readDropout(_ reader: inout FieldReader) throws(TokenizerError) {
    if try reader.readNullIfPresent() { return }
    let dropout = try reader.readNumber()
    if dropout.double != 0 { throw .unsupported(field: reader.field, value: dropout.pythonText) }
  }

  private mutating func readVocabulary(
    _ reader: inout FieldReader, byteCount: Int
  ) throws(TokenizerError) {
    guard !hasVocabulary else {
      throw .invalidValue(field: reader.field, value: "given twice", expected: "one vocabulary")
    }
    hasVocabulary = true
    model.vocabulary.reserve(forFileOf: byteCount)
    try reader.beginObject()
    while let token = try reader.nextKey() {
      let number = try reader.readNumber()
      guard case .integer(let id) = number else {
        throw try badID(number.pythonText, of: token, &reader)
      }
      try addToken(token, id: id, &reader)
    }
    if let id = model.vocabulary.buildIndex() {
      throw .invalidValue(
        field: "model.vocab", value: "a token given twice, the second time with the id \(id)",
        expected: "each token once")
    }
  }

  private mutating func addToken(
    _ token: JSONStringToken, id: Int, _ reader: inout FieldReader
  ) throws(TokenizerError) {
    do throws(VocabularyTable.EntryProblem) {
      if !token.hasEscapes,
        try model.vocabulary.addAlphabetic(reader.rawBytes(of: token), id: id)
      {
        return
      }
    } catch { throw try entryError(error, token, id, &reader) }
    // Escapes, or characters outside of the alphabet, which must be valid.
    let text = try reader.text(of: token)
    do throws(VocabularyTable.EntryProblem) {
      try model.vocabulary.add(text.utf8Span.span, id: id)
    } catch { throw try entryError(error, token, id, &reader) }
  }

  private func entryError(
    _ problem: VocabularyTable.EntryProblem, _ token: JSONStringToken, _ id: Int,
    _ reader: inout FieldReader
  ) throws(TokenizerError) -> TokenizerError {
    switch problem {
    case .idOutOfRange: try badID(String(id), of: token, &reader)
    case .idTaken:
      .invalidValue(
        field: "model.vocab", value: "the id \(id) given twice, to `\(try reader.text(of: token))`",
        expected: "each id once")
    }
  }

  private func badID(
    _ value: String, of token: JSONStringToken, _ reader: inout FieldReader
  ) throws(TokenizerError) -> TokenizerError {
    .invalidValue(
      field: "model.vocab[\"\(try reader.text(of: token))\"]", value: value,
      expected: "an id from 0 to \(VocabularyTable.idLimit - 1)")
  }

  private mutating func readMerges(_ reader: inout FieldReader) throws(TokenizerError) {
    var merges = MergesReader(prefixLength: model.prefix.count)
    model.rules = try merges.read(&reader, model.vocabulary)
    mergesPrefix = model.prefix
  }
}
