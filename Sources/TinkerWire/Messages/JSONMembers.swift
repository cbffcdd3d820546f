package import TinkerJSON

extension JSONValue {
  /// An object of the members that have a value.
  package static func members(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
    var object = JSONObject()
    for (key, value) in members {
      if let value { object.set(JSONString(key), to: value) }
    }
    return .object(object)
  }

  /// The compact text of the value.
  package var body: [UInt8] {
    var writer = JSONWriter(style: .compact)
    writer.value(self)
    return writer.bytes
  }
}
