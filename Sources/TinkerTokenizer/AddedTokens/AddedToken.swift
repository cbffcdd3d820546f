import TinkerJSON

/// An entry of `added_tokens`.
struct AddedToken: Sendable {
  /// Longer contents are refused, which bounds the time of a search.
  static let lengthLimit = 1 << 10

  /// The text that is recognised, as UTF-8.
  var content: [UInt8]
  /// The token is recognised only where no word character touches it.
  var isSingleWord: Bool
  /// The token swallows the white space before it.
  var stripsLeft: Bool
  /// The token swallows the white space behind it.
  var stripsRight: Bool
  /// The token is looked for in the normalized text, and its content is normalized too.
  var isNormalized: Bool
  /// The token is left out of decoded text on request.
  var isSpecial: Bool
  /// The id; that of the file is not trusted.
  var id: UInt32 = 0

  /// Reads an entry. Unknown keys are ignored; the id must be one, and is then ignored too.
  init(json: JSONValue, field: String) throws(TokenizerError) {
    let entry = try FieldValue(json, field: field).object()
    content = try entry.required("content").text().bytes
    isSingleWord = try entry.required("single_word").bool()
    stripsLeft = try entry.required("lstrip").bool()
    stripsRight = try entry.required("rstrip").bool()
    isNormalized = try entry.required("normalized").bool()
    isSpecial = try entry.required("special").bool()
    let id = try entry.required("id")
    if try id.count() > Int(UInt32.max) { throw id.wrong("a number of 32 bits") }
    try checkLength(field)
  }

  /// Reads an entry of `added_tokens_decoder` for a `tiktoken.model`, whose code knows neither
  /// white space nor words.
  init(configuration field: FieldValue) throws(TokenizerError) {
    let entry = try field.object()
    content = try entry.required("content").text().bytes
    isSpecial = try entry["special"]?.bool() ?? false
    isSingleWord = false
    stripsLeft = false
    stripsRight = false
    isNormalized = false
    try checkLength(field.field)
  }

  private func checkLength(_ field: String) throws(TokenizerError) {
    if content.count > Self.lengthLimit {
      throw .tooLarge(
        field: "the length of \(field).content", count: content.count, limit: Self.lengthLimit)
    }
  }
}
