/// A JSON value that loses nothing: key order, big integers, and strings that are not well formed.
public enum JSONValue: Sendable, Hashable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// An exact integer or a double.
  case number(JSONNumber)
  /// A string, well formed or not.
  case string(JSONString)
  /// Values in order.
  case array([JSONValue])
  /// Members in the order of the text.
  case object(JSONObject)
}

extension JSONValue {
  /// Reads one value from a whole text, as Python's `json.loads` does.
  ///
  /// `NaN`, `Infinity` and `-Infinity` are accepted, and so are escaped lone surrogates.
  ///
  /// - Parameter bytes: UTF-8 text with nothing but white space around the value.
  /// - Returns: The value.
  /// - Throws: `JSONError` with the place, in Python's words where Python has words for it.
  public static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
    var reader = JSONReader(bytes.span)
    return try reader.readDocument()
  }

  /// Reads one value from a whole text, as Python's `json.loads` does.
  ///
  /// - Parameter text: The text; nothing but white space may stand around the value.
  /// - Returns: The value.
  /// - Throws: `JSONError` with the place.
  public static func parse(_ text: String) throws(JSONError) -> JSONValue {
    try parse(Array(text.utf8))
  }

  /// The kind of this value.
  public var kind: JSONKind {
    switch self {
    case .null: .null
    case .bool: .bool
    case .number: .number
    case .string: .string
    case .array: .array
    case .object: .object
    }
  }

  /// The text of a well-formed string; `nil` for every other value.
  public var text: String? {
    if case .string(let string) = self { string.text } else { nil }
  }

  /// The truth value, or `nil` for every other kind.
  public var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The integer, if this is an integer literal that an `Int` holds.
  public var int: Int? {
    if case .number(.integer(let value)) = self { value } else { nil }
  }

  /// The number as a double, or `nil` for every other kind.
  public var double: Double? {
    if case .number(let number) = self { number.double } else { nil }
  }

  /// The elements of an array, or `nil` for every other kind.
  public var array: [JSONValue]? {
    if case .array(let values) = self { values } else { nil }
  }

  /// The members of an object, or `nil` for every other kind.
  public var object: JSONObject? {
    if case .object(let object) = self { object } else { nil }
  }

  /// The member of an object by that key; `nil` for a missing key and for every other kind.
  public subscript(key: String) -> JSONValue? {
    object?[key]
  }

  /// Whether every string and key inside is well-formed Unicode.
  public var isWellFormed: Bool {
    switch self {
    case .null, .bool, .number: true
    case .string(let string): string.isWellFormed
    case .array(let values): values.allSatisfy(\.isWellFormed)
    case .object(let object):
      object.allSatisfy { $0.key.isWellFormed && $0.value.isWellFormed }
    }
  }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// `null`.
  public init(nilLiteral: ()) { self = .null }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// An integer.
  public init(integerLiteral value: Int) { self = .number(.integer(value)) }
  /// A double.
  public init(floatLiteral value: Double) { self = .number(.double(value)) }
  /// A string.
  public init(stringLiteral value: String) { self = .string(JSONString(value)) }
  /// An array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object; of equal keys the last value wins at the first position.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    var object = JSONObject()
    for (key, value) in elements { object.set(JSONString(key), to: value) }
    self = .object(object)
  }
}

/// The six kinds of JSON values.
public enum JSONKind: String, Sendable, Hashable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool = "a Boolean"
  /// An integer or a double.
  case number = "a number"
  /// A string.
  case string = "a string"
  /// An array.
  case array = "an array"
  /// An object.
  case object = "an object"
}
