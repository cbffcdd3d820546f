import TinkerJSON

/// Records of the ShareGPT form.
enum ShareGPT {
  private static let roles: [(name: String, role: String)] = [
    ("human", Role.user), ("user", Role.user), ("gpt", Role.assistant),
    ("assistant", Role.assistant), ("system", Role.system), ("tool", Role.tool),
    ("function", Role.tool),
  ]

  /// Reads `[{"from":…,"value":…}]`.
  static func messages(reading reader: inout JSONReader) throws(RenderingError) -> [Message] {
    var messages: [Message] = []
    try reader.enterArray()
    while try reader.element() {
      do throws(RenderingError) { messages.append(try message(reading: &reader)) } catch {
        throw error.inside("[\(messages.count)]")
      }
    }
    return messages
  }

  private static func message(reading reader: inout JSONReader) throws(RenderingError) -> Message {
    var from: String?
    var value: String?
    try reader.enterObject()
    while let key = try reader.memberKey() {
      if reader.matches(key, "from") {
        from = try reader.string("from")
      } else if reader.matches(key, "value") {
        value = try reader.string("value")
      } else {
        try reader.skip()
      }
    }
    guard let from else { throw .missing("from") }
    guard let value else { throw .missing("value") }
    guard let role = roles.first(where: { $0.name == from })?.role else {
      let known = roles.map(\.name).joined(separator: ", ")
      throw RenderingError(.conversation, "'\(from)' is none of \(known)", at: "from")
    }
    return Message(role: role, content: .text(value))
  }
}

/// Records of the Alpaca form.
enum Alpaca {
  /// Whether a key belongs to the form.
  static func hasKey(_ key: JSONStringToken, in reader: borrowing JSONReader) -> Bool {
    reader.matches(key, "instruction") || reader.matches(key, "input")
      || reader.matches(key, "output") || reader.matches(key, "system")
      || reader.matches(key, "history")
  }

  /// The messages of a record: the instruction, with the input after a blank line, and the output.
  static func messages(taking record: inout JSONObject) throws(RenderingError) -> [Message] {
    guard let instruction = try text("instruction", of: &record) else {
      throw .missing("instruction")
    }
    guard let output = try text("output", of: &record) else { throw .missing("output") }
    let input = try text("input", of: &record) ?? ""
    let system = try text("system", of: &record) ?? ""
    if let history = record.remove("history"), history != .null, history != .array([]) {
      throw RenderingError(
        .conversation, "earlier turns cannot be read; convert the record to messages", at: "history"
      )
    }
    let question = input.isEmpty ? instruction : "\(instruction)\n\n\(input)"
    let messages: [Message] = [.user(question), .assistant(output)]
    return system.isEmpty ? messages : [.system(system)] + messages
  }

  private static func text(
    _ key: String, of record: inout JSONObject
  ) throws(RenderingError) -> String? {
    switch record.remove(JSONString(key)) {
    case nil, .null?: return nil
    case .string(let string)?:
      if let text = string.text { return text }
      throw RenderingError(
        .conversation, "the string holds half of a surrogate pair, which is no text", at: key)
    case let value?:
      throw RenderingError(
        .conversation, "expected a string, found \(value.kind.rawValue)", at: key)
    }
  }
}

extension ToolSpec {
  /// Reads a list of declarations, bare or in OpenAI's wrapping; `nil` for `null`.
  static func tools(reading reader: inout JSONReader) throws(RenderingError) -> [ToolSpec]? {
    if try reader.isNull() { return nil }
    var tools: [ToolSpec] = []
    try reader.enterArray()
    while try reader.element() {
      let value = try reader.tree()
      do throws(RenderingError) {
        if value["type"] == "function", value["function"] != nil {
          tools.append(try ToolSpec(openAI: value))
        } else {
          tools.append(try ToolSpec(json: value))
        }
      } catch { throw error.inside("[\(tools.count)]") }
    }
    return tools
  }
}
