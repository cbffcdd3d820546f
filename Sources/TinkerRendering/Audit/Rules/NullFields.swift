import TinkerJSON

/// Keys with the value `null` where a key would be left out by whoever writes JSON by hand: column
/// stores give every record the keys of all.
public struct NullFields: Sendable {
  /// The most places that are kept.
  private static let limit = 8

  /// The places in tools, whose text a model reads.
  private(set) var inTools: [String] = []
  /// The places in messages.
  private(set) var inMessages: [(message: Int, field: String)] = []

  /// Looks through the bytes of a record. Ill-formed JSON has none.
  public init(in record: Span<UInt8>) {
    guard ByteSearch.first("null".utf8.span, in: record, from: 0) != nil else { return }
    var reader = JSONReader(record)
    do throws(JSONError) {
      try reader.beginObject()
      while let key = try reader.nextKey() {
        if reader.matches(key, "tools") {
          collect(try reader.readValue(), path: "tools")
        } else if reader.matches(key, "messages") {
          try collectMessages(&reader)
        } else {
          try reader.skipValue()
        }
      }
    } catch {
      // Whoever reads the record says what is wrong with it.
      return
    }
  }

  /// Looks through the bytes of an array of messages. Ill-formed JSON has none.
  public init(inMessages messages: Span<UInt8>) {
    var reader = JSONReader(messages)
    do throws(JSONError) { try collectMessages(&reader) } catch { return }
  }

  private mutating func collectMessages(_ reader: inout JSONReader) throws(JSONError) {
    let messages = try reader.readValue().array ?? []
    for (index, message) in messages.enumerated() { collect(message, index) }
  }

  private mutating func collect(_ value: JSONValue, path: String) {
    guard inTools.count < Self.limit else { return }
    switch value {
    case .null: if path != "tools" { inTools.append(path) }
    case .array(let values):
      for (index, value) in values.enumerated() where value != .null {
        collect(value, path: "\(path)[\(index)]")
      }
    case .object(let members):
      for (key, value) in members where key != "default" && key != "const" && key != "enum" {
        collect(value, path: "\(path).\(key)")
      }
    case .bool, .number, .string: return
    }
  }

  private mutating func collect(_ message: JSONValue, _ index: Int) {
    guard let members = message.object else { return }
    // `"content": null` beside calls is how OpenAI writes it.
    for (key, value) in members where value == .null && key != "content" {
      if inMessages.count < Self.limit { inMessages.append((index, key.description)) }
    }
    for (number, part) in (members["content"]?.array ?? []).enumerated() {
      for (key, value) in part.object ?? [:] where value == .null {
        if inMessages.count < Self.limit { inMessages.append((index, "content[\(number)].\(key)")) }
      }
    }
  }

  func check(_ list: inout FindingList) {
    if let first = inTools.first {
      list.add(
        .nullFields,
        "the declaration has \(Self.number(inTools.count)) keys with null, which the model reads: "
          + inTools.joined(separator: ", "),
        severity: .error, at: Finding.Place(field: first))
    }
    if let first = inMessages.first {
      let names = inMessages.map { "messages[\($0.message)].\($0.field)" }
      list.add(
        .nullFields,
        "\(Self.number(inMessages.count)) keys are null and count as absent: "
          + names.joined(separator: ", "),
        at: Finding.Place(message: first.message, field: first.field))
    }
  }

  private static func number(_ count: Int) -> String {
    count < limit ? String(count) : "\(limit) or more"
  }
}
