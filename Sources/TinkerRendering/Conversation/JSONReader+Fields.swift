import TinkerJSON

/// The reader's steps with errors of this target. The place of a fault is put together only as the
/// error travels outwards.
extension JSONReader {
  mutating func enterObject() throws(RenderingError) {
    do { try beginObject() } catch { throw RenderingError(error) }
  }

  mutating func enterArray() throws(RenderingError) {
    do { try beginArray() } catch { throw RenderingError(error) }
  }

  mutating func memberKey() throws(RenderingError) -> JSONStringToken? {
    do { return try nextKey() } catch { throw RenderingError(error) }
  }

  mutating func element() throws(RenderingError) -> Bool {
    do { return try nextElement() } catch { throw RenderingError(error) }
  }

  mutating func kindOfNext() throws(RenderingError) -> JSONKind {
    do { return try peek() } catch { throw RenderingError(error) }
  }

  mutating func string(_ key: String) throws(RenderingError) -> String {
    do { return try readString() } catch { throw RenderingError(error).inside(key) }
  }

  /// A string, or `nil` for `null`, which column stores write where a key was absent.
  mutating func optionalString(_ key: String) throws(RenderingError) -> String? {
    do {
      return try readNullIfPresent() ? nil : try readString()
    } catch { throw RenderingError(error).inside(key) }
  }

  mutating func optionalBool(_ key: String) throws(RenderingError) -> Bool? {
    do {
      return try readNullIfPresent() ? nil : try readBool()
    } catch { throw RenderingError(error).inside(key) }
  }

  mutating func isNull() throws(RenderingError) -> Bool {
    do { return try readNullIfPresent() } catch { throw RenderingError(error) }
  }

  mutating func tree() throws(RenderingError) -> JSONValue {
    do { return try readValue() } catch { throw RenderingError(error) }
  }

  mutating func skip() throws(RenderingError) {
    do { try skipValue() } catch { throw RenderingError(error) }
  }

  func decoded(_ key: JSONStringToken) throws(RenderingError) -> JSONString {
    do { return try string(of: key) } catch { throw RenderingError(error) }
  }
}
