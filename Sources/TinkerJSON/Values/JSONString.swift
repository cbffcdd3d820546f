/// A JSON string as bytes: UTF-8, and lone surrogates in the same three-byte form (WTF-8).
///
/// JSON can spell half of a surrogate pair (`"\ud800"`), which a Swift `String` cannot hold; Python
/// keeps it and writes it back. Equality and hashing go by bytes, so `é` and `e` + U+0301 are two
/// strings here, as they are two keys in Python.
public struct JSONString: Sendable, Hashable, ExpressibleByStringLiteral {
  /// The bytes of the string.
  public let bytes: [UInt8]

  /// A string from well-formed text.
  public init(_ text: String) { bytes = Array(text.utf8) }

  /// A string from a literal.
  public init(stringLiteral value: String) { self.init(value) }

  /// A string from bytes that the reader has decoded.
  package init(wtf8 bytes: [UInt8]) { self.bytes = bytes }

  /// The text, or `nil` if the string holds a lone surrogate.
  public var text: String? { String(validating: bytes, as: UTF8.self) }

  /// Whether the string is well-formed Unicode, that is, has no lone surrogate.
  public var isWellFormed: Bool { text != nil }
}

extension JSONString: Comparable, CustomStringConvertible {
  /// Order by code point, which is the order of the bytes.
  public static func < (left: JSONString, right: JSONString) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }

  /// Equality with text, byte by byte.
  public static func == (left: JSONString, right: String) -> Bool {
    left.bytes.elementsEqual(right.utf8)
  }

  /// The text, with U+FFFD for what is not well formed.
  public var description: String { String(decoding: bytes, as: UTF8.self) }
}
