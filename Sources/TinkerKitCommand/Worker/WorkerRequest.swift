import TinkerKit

/// One request: where its values stand in the line, and the checks that every operation needs. All
/// errors name the key.
struct WorkerRequest: ~Escapable {
  private let line: Span<UInt8>
  private var ranges: [String: Range<Int>] = [:]

  /// Passes over the members of the line's object, decoding none of the values but `id`.
  ///
  /// - Throws: `JSONError` where the line is no JSON object.
  @_lifetime(copy line)
  init(_ line: Span<UInt8>, id: inout JSONValue) throws(JSONError) {
    self.line = line
    var reader = JSONReader(line)
    try reader.beginObject()
    while let key = try reader.nextKey() {
      let start = reader.offset
      let name = try reader.string(of: key).description
      if name == "id" { id = try reader.readValue() } else { try reader.skipValue() }
      ranges[name] = start..<reader.offset
    }
    try reader.finish()
  }

  /// The operation, after a check that it takes every key of the request.
  func operation() throws(WorkerError) -> WorkerOperation {
    let name = try text("op")
    guard let operation = WorkerOperation(rawValue: name) else {
      let known = WorkerOperation.allCases.map(\.rawValue)
      throw .request(
        "there is no operation '\(name)'" + Suggestion.clause(for: name, among: known), path: "op")
    }
    let keys = operation.keys
    // In order of the line, so that the same line always gets the same reply.
    for (key, _) in ranges.sorted(by: { $0.value.lowerBound < $1.value.lowerBound })
    where key != "id" && key != "op" && !keys.contains(key) {
      let takes = keys.isEmpty ? "no keys" : "the keys \(keys.joined(separator: ", "))"
      throw .request("the key '\(key)' is unknown: \(name) takes \(takes)", path: key)
    }
    return operation
  }

  /// Whether the key is there.
  func has(_ key: String) -> Bool { ranges[key] != nil }

  /// The bytes of a value that must be there.
  @_lifetime(copy self)
  func bytes(_ key: String) throws(WorkerError) -> Span<UInt8> {
    guard let range = ranges[key] else {
      throw .request("the key '\(key)' is missing", path: key)
    }
    return line.extracting(range)
  }

  /// A reader at a value that must be there.
  @_lifetime(copy self)
  func reader(_ key: String) throws(WorkerError) -> JSONReader {
    JSONReader(try bytes(key))
  }

  /// Reads a value that must be there; an error names the key.
  private func read<Value>(
    _ key: String, _ body: (inout JSONReader) throws(JSONError) -> Value
  ) throws(WorkerError) -> Value {
    var reader = try reader(key)
    do throws(JSONError) { return try body(&reader) } catch { throw WorkerError(error, path: key) }
  }

  /// A text that must be there.
  func text(_ key: String) throws(WorkerError) -> String {
    try read(key) { (reader) throws(JSONError) in try reader.readString() }
  }

  /// A text that may be absent.
  func optionalText(_ key: String) throws(WorkerError) -> String? {
    has(key) ? try text(key) : nil
  }

  /// A truth value; absent means `false`.
  func flag(_ key: String) throws(WorkerError) -> Bool {
    has(key) ? try read(key) { (reader) throws(JSONError) in try reader.readBool() } : false
  }

  /// An integer that may be absent.
  func optionalInteger(_ key: String) throws(WorkerError) -> Int? {
    has(key) ? try read(key) { (reader) throws(JSONError) in try reader.readInt() } : nil
  }

  /// A value as a tree.
  func tree(_ key: String) throws(WorkerError) -> JSONValue {
    try read(key) { (reader) throws(JSONError) in try reader.readValue() }
  }

  /// One of the cases of an enumeration; `nil` when absent.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, of type: Choice.Type
  ) throws(WorkerError) -> Choice? where Choice.RawValue == String {
    guard let name = try optionalText(key) else { return nil }
    if let choice = Choice(rawValue: name) { return choice }
    let known = Choice.allCases.map(\.rawValue)
    throw .request("'\(name)' is none of \(known.joined(separator: ", "))", path: key)
  }

  /// Token ids. Numbers that no id can be are the tokenizer's error, anything else the request's.
  func ids(_ key: String) throws(WorkerError) -> [UInt32] {
    let reader = try reader(key)
    return try Self.ids(reader, key: key)
  }

  /// The ids of an array.
  ///
  /// - Parameters:
  ///   - start: A reader before the array.
  ///   - key: The name of the array for errors.
  /// - Returns: The ids.
  /// - Throws: `WorkerError` for an element that is no id.
  static func ids(_ start: consuming JSONReader, key: String) throws(WorkerError) -> [UInt32] {
    var reader = start
    var ids: [UInt32] = []
    var wrong: JSONNumber?
    do throws(JSONError) {
      try reader.beginArray()
      while wrong == nil, try reader.nextElement() {
        let number = try reader.readNumber()
        if case .integer(let value) = number, let id = UInt32(exactly: value) {
          ids.append(id)
        } else {
          wrong = number
        }
      }
      if wrong == nil { try reader.finish() }
    } catch { throw WorkerError(error, path: "\(key)[\(ids.count)]") }
    if let wrong { throw WorkerError(notAnID: wrong, path: "\(key)[\(ids.count)]") }
    return ids
  }

  /// The messages of a request, with the flags of its `trainable` if there are any.
  func messages() throws(WorkerError) -> [Message] {
    var reader = try reader("messages")
    var messages: [Message]
    do throws(RenderingError) {
      messages = try Message.messages(reading: &reader)
    } catch { throw WorkerError(error.inside("messages")) }
    guard has("trainable") else { return messages }
    let flags = try tree("trainable")
    guard let array = flags.array, array.count == messages.count else {
      throw .request("expected one Boolean for each message", path: "trainable")
    }
    for (index, flag) in array.enumerated() {
      guard let flag = flag.bool else {
        throw .request(
          "expected a Boolean, found \(flag.kind.rawValue)", path: "trainable[\(index)]")
      }
      messages[index].trainable = flag
    }
    return messages
  }
}
