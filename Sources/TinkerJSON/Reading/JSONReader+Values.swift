extension JSONReader {
  /// Reads the only value of a text and checks that nothing follows.
  public mutating func readDocument() throws(JSONError) -> JSONValue {
    if byte(at: 0) == 0xEF, byte(at: 1) == 0xBB, byte(at: 2) == 0xBF {
      throw error(.byteOrderMark, at: 0)
    }
    let value = try readValue()
    try finish()
    return value
  }

  /// Reads the next value as a tree.
  public mutating func readValue() throws(JSONError) -> JSONValue {
    switch try peek() {
    case .null:
      try readNull()
      return .null
    case .bool: return .bool(try readBool())
    case .number: return .number(try readNumber())
    case .string: return .string(try string(of: try scanString()))
    case .array:
      try beginArray()
      var values: [JSONValue] = []
      while try nextElement() { values.append(try readValue()) }
      return .array(values)
    case .object:
      try beginObject()
      var object = JSONObject()
      while let key = try nextKey() { object.set(try string(of: key), to: try readValue()) }
      return .object(object)
    }
  }

  /// Passes over the next value, checking its grammar.
  public mutating func skipValue() throws(JSONError) {
    switch try peek() {
    case .null: try readNull()
    case .bool: _ = try readBool()
    case .number: _ = try scanNumber()
    case .string: _ = try scanString()
    case .array:
      try beginArray()
      while try nextElement() { try skipValue() }
    case .object:
      try beginObject()
      while try nextKey() != nil { try skipValue() }
    }
  }

  /// Reads `null` if it is next.
  public mutating func readNullIfPresent() throws(JSONError) -> Bool {
    guard try peek() == .null else { return false }
    try readNull()
    return true
  }

  /// Reads `null`.
  public mutating func readNull() throws(JSONError) {
    try expect(.null)
    guard skipWord("null") else { throw error(.expectingValue) }
  }

  /// Reads `true` or `false`.
  public mutating func readBool() throws(JSONError) -> Bool {
    try expect(.bool)
    if skipWord("true") { return true }
    if skipWord("false") { return false }
    throw error(.expectingValue)
  }

  mutating func expect(_ kind: JSONKind) throws(JSONError) {
    let found = try peek()
    if found != kind { throw error(.unexpectedKind(expected: kind.rawValue, found: found)) }
  }

  /// Passes over a word if it stands here.
  mutating func skipWord(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard bytes.count - offset >= count else { return false }
    for index in 0..<count {
      // A static string's pointer holds `utf8CodeUnitCount` bytes.
      if unsafe bytes[offset + index] != word.utf8Start[index] { return false }
    }
    offset += count
    return true
  }
}
