import TinkerJSON

/// What of `tokenizer_config.json` matters here.
struct TokenizerConfiguration: Sendable {
  /// The content of `bos_token`.
  var beginning: String?
  /// The content of `eos_token`.
  var end: String?
  /// `added_tokens_decoder`: the special tokens of files that have no `tokenizer.json`.
  var addedTokens: [Int: AddedToken] = [:]

  /// No configuration.
  init() {}

  /// Reads the bytes of a file. `name` is for messages.
  init(json bytes: [UInt8], name: String) throws(TokenizerError) {
    let value: JSONValue
    do {
      value = try JSONValue.parse(bytes)
    } catch {
      throw .json(file: name, field: "", error: error)
    }
    let members = try FieldValue(value, field: name).object()
    beginning = try Self.token(members["bos_token"])
    end = try Self.token(members["eos_token"])
    guard let entries = try members["added_tokens_decoder"]?.object() else { return }
    for (key, value) in entries.object {
      let field = FieldValue(value, field: "\(entries.field).\(key)")
      guard let id = Int(key.description), id >= 0, id < VocabularyTable.idLimit else {
        throw .invalidValue(
          field: field.field, value: "the key \"\(key)\"",
          expected: "an id from 0 to \(VocabularyTable.idLimit - 1)")
      }
      addedTokens[id] = try AddedToken(configuration: field)
    }
  }

  /// A token as a string or as an object with its `content`.
  private static func token(_ field: FieldValue?) throws(TokenizerError) -> String? {
    guard let field else { return nil }
    if case .string = field.value { return try field.text().text }
    guard case .object = field.value else { throw field.wrong("a token or an object with one") }
    return try field.object().required("content").text().text
  }
}
