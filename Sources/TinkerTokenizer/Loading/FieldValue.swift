import TinkerJSON

/// A JSON value with the name of its field, for the small parts of the file.
struct FieldValue {
  let value: JSONValue
  let field: String

  init(_ value: JSONValue, field: String) {
    self.value = value
    self.field = field
  }

  /// The members of an object.
  struct Members {
    let object: JSONObject
    let field: String

    /// A member, or `nil` if it is absent or null.
    subscript(key: JSONString) -> FieldValue? {
      guard let value = object[key], value != .null else { return nil }
      return FieldValue(value, field: "\(field).\(key)")
    }

    /// A member that must be there.
    func required(_ key: JSONString) throws(TokenizerError) -> FieldValue {
      guard let member = self[key] else {
        throw .invalidValue(
          field: field, value: JSONValue.object(object).shortText, expected: "a member \"\(key)\"")
      }
      return member
    }
  }

  func wrong(_ expected: String) -> TokenizerError {
    .invalidValue(field: field, value: value.shortText, expected: expected)
  }

  var unsupported: TokenizerError { .unsupported(field: field, value: value.shortText) }

  func object() throws(TokenizerError) -> Members {
    guard case .object(let object) = value else { throw wrong("an object") }
    return Members(object: object, field: field)
  }

  func array() throws(TokenizerError) -> [FieldValue] {
    guard case .array(let values) = value else { throw wrong("a list") }
    return values.enumerated().map { FieldValue($1, field: "\(field)[\($0)]") }
  }

  /// A string that is Unicode.
  func text() throws(TokenizerError) -> JSONString {
    guard case .string(let string) = value, string.isWellFormed else { throw wrong("text") }
    return string
  }

  func bool() throws(TokenizerError) -> Bool {
    guard case .bool(let flag) = value else { throw wrong("true or false") }
    return flag
  }

  /// An integer that is not negative.
  func count() throws(TokenizerError) -> Int {
    guard case .number(.integer(let number)) = value, number >= 0 else {
      throw wrong("a number that is not negative")
    }
    return number
  }
}

extension JSONValue {
  /// The value as JSON, cut where it is long.
  var shortText: String {
    let text = serialized(.python)
    guard text.utf8.count > 80 else { return text }
    return "\(text.prefix(80))…"
  }
}
