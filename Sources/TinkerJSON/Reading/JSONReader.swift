/// A pull reader over borrowed bytes, with the grammar and the errors of Python's `json.loads`.
///
/// The caller asks for what it expects; strings stay byte ranges until they are wanted, and nothing
/// is copied that is skipped:
///
/// ```swift
/// try reader.beginObject()
/// while let key = try reader.nextKey() {
///   if reader.matches(key, "id") { id = try reader.readString() } else { try reader.skipValue() }
/// }
/// ```
public struct JSONReader: ~Copyable, ~Escapable {
  /// Arrays and objects nested deeper than this are an error. Python's limit is near this one.
  public static let maximumDepth = 1000

  let bytes: Span<UInt8>

  /// The next byte to read, from the start of the text.
  public internal(set) var offset = 0

  var depth = 0

  /// Whether a container was opened and nothing has been read from it.
  private var isAtStart = false

  /// A reader at the start of a text.
  @_lifetime(copy bytes)
  public init(_ bytes: Span<UInt8>) {
    self.bytes = bytes
  }

  // MARK: Containers

  /// Enters an object.
  public mutating func beginObject() throws(JSONError) { try open("{", .object) }

  /// Enters an array.
  public mutating func beginArray() throws(JSONError) { try open("[", .array) }

  /// Moves to the next member: its key, with the reader before its value; `nil` at the end.
  public mutating func nextKey() throws(JSONError) -> JSONStringToken? {
    guard try advance(closing: "}") else { return nil }
    guard byte(at: offset) == UInt8(ascii: "\"") else {
      throw error(.expectingPropertyName)
    }
    let key = try scanString()
    skipWhitespace()
    guard byte(at: offset) == UInt8(ascii: ":") else { throw error(.expectingColon) }
    offset += 1
    skipWhitespace()
    return key
  }

  /// Moves to the next element; `false` at the end of the array.
  public mutating func nextElement() throws(JSONError) -> Bool {
    try advance(closing: "]")
  }

  /// Checks that nothing but white space is left.
  public mutating func finish() throws(JSONError) {
    skipWhitespace()
    if offset < bytes.count { throw error(.extraData) }
  }

  private mutating func open(_ bracket: Unicode.Scalar, _ kind: JSONKind) throws(JSONError) {
    let found = try peek()
    guard found == kind else {
      throw error(.unexpectedKind(expected: kind.rawValue, found: found))
    }
    try enter()
    offset += 1
    isAtStart = true
  }

  func checkDepth() throws(JSONError) {
    if depth >= Self.maximumDepth { throw error(.tooDeep(limit: Self.maximumDepth)) }
  }

  mutating func enter() throws(JSONError) {
    try checkDepth()
    depth += 1
  }

  private mutating func advance(closing bracket: Unicode.Scalar) throws(JSONError) -> Bool {
    skipWhitespace()
    if byte(at: offset) == UInt8(ascii: bracket) {
      offset += 1
      depth -= 1
      isAtStart = false
      return false
    }
    if isAtStart {
      isAtStart = false
      return true
    }
    guard byte(at: offset) == UInt8(ascii: ",") else { throw error(.expectingComma) }
    offset += 1
    skipWhitespace()
    return true
  }

  // MARK: Bytes

  /// The kind of the next value, by its first byte.
  public mutating func peek() throws(JSONError) -> JSONKind {
    skipWhitespace()
    switch byte(at: offset) {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
    case UInt8(ascii: "n"): return .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "N"),
      UInt8(ascii: "I"):
      return .number
    default: throw error(.expectingValue)
    }
  }

  /// The byte there, or 0 past the end; 0 is no byte of JSON's grammar.
  @inline(__always)
  func byte(at index: Int) -> UInt8 {
    index < bytes.count ? bytes[index] : 0
  }

  @inline(__always)
  mutating func skipWhitespace() {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x09, 0x0D: offset += 1
      case 0x0A:
        offset += 1
        skipIndentation()
      default: return
      }
    }
  }

  /// Passes over spaces at the start of a line, eight at a time.
  @inline(__always)
  private mutating func skipIndentation() {
    let raw = unsafe bytes.bytes
    while offset &+ 8 <= bytes.count {
      // Eight bytes are left, and every pattern of bits is an integer.
      let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let others = UInt64(littleEndian: word) ^ 0x2020_2020_2020_2020
      offset &+= others.trailingZeroBitCount / 8
      if others != 0 { return }
    }
  }

  /// An error at the present place.
  func error(_ problem: JSONError.Problem) -> JSONError { error(problem, at: offset) }

  /// An error at a place of this text.
  public func error(_ problem: JSONError.Problem, at offset: Int) -> JSONError {
    JSONError(problem, at: offset, in: bytes)
  }
}
