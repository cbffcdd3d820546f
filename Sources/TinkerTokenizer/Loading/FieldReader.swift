import TinkerJSON

/// The JSON reader with the name of the field that is being read, so that every error names it.
struct FieldReader: ~Copyable, ~Escapable {
  private var json: JSONReader
  /// The file, for messages.
  let file: String
  /// The field that is being read: `model.merges`.
  var field = ""

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, file: String) {
    json = JSONReader(bytes)
    self.file = file
  }

  func error(_ error: JSONError) -> TokenizerError {
    .json(file: file, field: field, error: error)
  }

  mutating func peek() throws(TokenizerError) -> JSONKind {
    do { return try json.peek() } catch { throw self.error(error) }
  }

  mutating func beginObject() throws(TokenizerError) {
    do { try json.beginObject() } catch { throw self.error(error) }
  }

  mutating func beginArray() throws(TokenizerError) {
    do { try json.beginArray() } catch { throw self.error(error) }
  }

  @inline(__always)
  mutating func nextKey() throws(TokenizerError) -> JSONStringToken? {
    do { return try json.nextKey() } catch { throw self.error(error) }
  }

  @inline(__always)
  mutating func nextElement() throws(TokenizerError) -> Bool {
    do { return try json.nextElement() } catch { throw self.error(error) }
  }

  mutating func skipValue() throws(TokenizerError) {
    do { try json.skipValue() } catch { throw self.error(error) }
  }

  mutating func finish() throws(TokenizerError) {
    do { try json.finish() } catch { throw self.error(error) }
  }

  mutating func readValue() throws(TokenizerError) -> JSONValue {
    do { return try json.readValue() } catch { throw self.error(error) }
  }

  mutating func readNumber() throws(TokenizerError) -> JSONNumber {
    do { return try json.readNumber() } catch { throw self.error(error) }
  }

  @inline(__always)
  mutating func readStringToken() throws(TokenizerError) -> JSONStringToken {
    do { return try json.readStringToken() } catch { throw self.error(error) }
  }

  mutating func readNullIfPresent() throws(TokenizerError) -> Bool {
    do { return try json.readNullIfPresent() } catch { throw self.error(error) }
  }

  mutating func readBool() throws(TokenizerError) -> Bool {
    do { return try json.readBool() } catch { throw self.error(error) }
  }

  /// The text of a token, which must be Unicode.
  mutating func text(of token: JSONStringToken) throws(TokenizerError) -> String {
    do { return try json.text(of: token) } catch { throw self.error(error) }
  }

  /// The bytes of a token as they stand in the file.
  @_lifetime(copy self)
  @inline(__always)
  mutating func rawBytes(of token: JSONStringToken) -> Span<UInt8> { json.rawBytes(of: token) }

  /// A Boolean that may be absent or null, and is false then.
  mutating func readFlag() throws(TokenizerError) -> Bool {
    if try readNullIfPresent() { return false }
    return try readBool()
  }

  /// A string that may be null, as bytes; empty then.
  mutating func readOptionalText() throws(TokenizerError) -> String? {
    if try readNullIfPresent() { return nil }
    return try text(of: readStringToken())
  }
}
