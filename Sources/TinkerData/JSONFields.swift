package import TinkerJSON

/// The members of a JSON object with their path, so that each error names its place.
package struct JSONFields {
  /// The path of the object, for errors.
  package let path: String
  private let object: JSONObject?
  private let kind: JSONKind

  /// Members of a value; if it is no object, the first access throws.
  package init(_ value: JSONValue, at path: String) {
    self.path = path
    object = value.object
    kind = value.kind
  }

  /// A member that is neither missing nor null.
  package subscript(key: String) -> JSONValue? {
    get throws(DataError) {
      guard let object else {
        throw .unexpected("an object, not \(kind.rawValue)", at: path)
      }
      guard let value = object[key], value != .null else { return nil }
      return value
    }
  }

  /// A member that must be there.
  package func required(_ key: String) throws(DataError) -> JSONValue {
    guard let value = try self[key] else { throw .unexpected("a value", at: place(key)) }
    return value
  }

  /// A text that must be there.
  package func string(_ key: String) throws(DataError) -> String {
    guard let text = try required(key).text else { throw .unexpected("a string", at: place(key)) }
    return text
  }

  /// A text, or `nil`.
  package func optionalString(_ key: String) throws(DataError) -> String? {
    guard let value = try self[key] else { return nil }
    guard let text = value.text else { throw .unexpected("a string or null", at: place(key)) }
    return text
  }

  /// An integer that must be there.
  package func int(_ key: String) throws(DataError) -> Int {
    guard let value = try required(key).int else { throw .unexpected("an integer", at: place(key)) }
    return value
  }

  /// An integer, or `nil`.
  package func optionalInt(_ key: String) throws(DataError) -> Int? {
    guard let value = try self[key] else { return nil }
    guard let int = value.int else { throw .unexpected("an integer or null", at: place(key)) }
    return int
  }

  /// An integer that is not negative, or `nil`.
  package func optionalUnsigned(_ key: String) throws(DataError) -> UInt64? {
    guard let value = try self[key] else { return nil }
    let unsigned: UInt64? =
      switch value {
      case .number(.integer(let int)): UInt64(exactly: int)
      case .number(.bigInteger(let digits)): UInt64(digits)
      default: nil
      }
    guard let unsigned else {
      throw .unexpected("an integer from 0 to 2⁶⁴ − 1, or null", at: place(key))
    }
    return unsigned
  }

  /// A number, or `nil`.
  package func optionalDouble(_ key: String) throws(DataError) -> Double? {
    guard let value = try self[key] else { return nil }
    guard let double = value.double else { throw .unexpected("a number or null", at: place(key)) }
    return double
  }

  /// A truth value, or `nil`.
  package func optionalBool(_ key: String) throws(DataError) -> Bool? {
    guard let value = try self[key] else { return nil }
    guard let bool = value.bool else { throw .unexpected("a Boolean or null", at: place(key)) }
    return bool
  }

  /// Bytes that must be there.
  package func base64(_ key: String) throws(DataError) -> [UInt8] {
    guard let bytes = Base64.decode(try string(key)) else {
      throw .unexpected("Base64", at: place(key))
    }
    return bytes
  }

  /// The elements of an array that must be there, each with its path.
  package func array<Element>(
    _ key: String, _ element: (JSONValue, String) throws(DataError) -> Element
  ) throws(DataError) -> [Element] {
    guard let out = try optionalArray(key, element) else {
      throw .unexpected("an array", at: place(key))
    }
    return out
  }

  /// The elements of an array, or `nil`.
  package func optionalArray<Element>(
    _ key: String, _ element: (JSONValue, String) throws(DataError) -> Element
  ) throws(DataError) -> [Element]? {
    guard let value = try self[key] else { return nil }
    guard let values = value.array else { throw .unexpected("an array", at: place(key)) }
    var out: [Element] = []
    out.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      out.append(try element(value, "\(place(key))[\(index)]"))
    }
    return out
  }

  /// A table of texts, or `nil`.
  package func optionalStrings(_ key: String) throws(DataError) -> [String: String]? {
    guard let value = try self[key] else { return nil }
    guard let object = value.object else { throw .unexpected("an object", at: place(key)) }
    var out: [String: String] = [:]
    for (name, value) in object {
      guard let name = name.text, let text = value.text else {
        throw .unexpected("an object of strings", at: place(key))
      }
      out[name] = text
    }
    return out
  }

  /// The path of a member.
  package func place(_ key: String) -> String { path + "." + key }
}

extension JSONWriter {
  /// Writes an unsigned integer of any size.
  package mutating func unsigned(_ value: UInt64) {
    number(Int(exactly: value).map(JSONNumber.integer) ?? .bigInteger(String(value)))
  }
}
