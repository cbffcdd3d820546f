package import TinkerJSON

/// A JSON object as the body of a request: members whose value is `nil` are left out.
package func jsonBody(_ members: KeyValuePairs<String, JSONValue?>) -> [UInt8] {
  var writer = JSONWriter(style: .compact)
  writer.beginObject()
  for (key, value) in members {
    guard let value else { continue }
    writer.key(key)
    writer.value(value)
  }
  writer.endObject()
  return writer.bytes
}

extension JSONValue {
  /// A text.
  package static func text(_ text: String) -> JSONValue { .string(JSONString(text)) }

  /// A text, or `nil`.
  package static func text(_ text: String?) -> JSONValue? { text.map { .string(JSONString($0)) } }

  /// An integer.
  package static func int(_ value: Int) -> JSONValue { .number(.integer(value)) }

  /// An integer, or `nil`.
  package static func int(_ value: Int?) -> JSONValue? { value.map { .number(.integer($0)) } }

  /// A table of texts in order of its keys, or `nil`.
  package static func texts(_ table: [String: String]?) -> JSONValue? {
    guard let table else { return nil }
    var object = JSONObject()
    for (key, value) in table.sorted(by: { $0.key < $1.key }) {
      object.set(JSONString(key), to: .text(value))
    }
    return .object(object)
  }

  /// What a value writes about itself.
  package static func written(
    _ write: (inout JSONWriter) -> Void
  ) throws(JSONError) -> JSONValue {
    var writer = JSONWriter(style: .compact)
    write(&writer)
    return try parse(writer.bytes)
  }
}
