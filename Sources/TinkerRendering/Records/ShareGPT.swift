import TinkerJSON

/// The turns of ShareGPT's form: `{"from":…,"value":…}`.
enum ShareGPT {
  /// Keys that would change what is rendered or learned, if a record had them.
  private static let refusedKeys: Set<String> = [
    "weight", "loss", "train", "tool_calls", "thinking", "reasoning", "reasoning_content",
  ]

  static func messages(reading reader: inout JSONReader) throws(RenderingError) -> [Message] {
    var messages: [Message] = []
    try reader.enterArray()
    while try reader.element() {
      do throws(RenderingError) {
        messages.append(try message(reading: &reader))
      } catch { throw error.inside("[\(messages.count)]") }
    }
    return messages
  }

  private static func message(reading reader: inout JSONReader) throws(RenderingError) -> Message {
    var speaker: String?
    var value: String?
    try reader.enterObject()
    while let key = try reader.memberKey() {
      if reader.matches(key, "from") {
        speaker = try reader.string("from")
      } else if reader.matches(key, "value") {
        value = try reader.string("value")
      } else if try !reader.isNull() {
        try reader.skip()
        let name = try reader.decoded(key).description
        if refusedKeys.contains(name) {
          throw RenderingError(
            .conversation, "a turn's '\(name)' cannot be rendered; write the turn as a message",
            at: name)
        }
      }
    }
    guard let speaker else { throw .missing("from") }
    guard let value else { throw .missing("value") }
    return Message(role: try role(of: speaker), content: .text(value))
  }

  private static func role(of speaker: String) throws(RenderingError) -> String {
    switch speaker {
    case "human", "user": Role.user
    case "gpt", "assistant": Role.assistant
    case "system": Role.system
    case "tool", "function": Role.tool
    default:
      throw RenderingError(
        .conversation,
        "the speaker '\(speaker)' is none of human, user, gpt, assistant, system, tool, function",
        at: "from")
    }
  }
}

extension ToolSpec {
  /// Reads a record's tools: declarations, each by itself or as OpenAI wraps it,
  /// `{"type":"function","function":{…}}`. `null` counts as absent.
  static func list(reading reader: inout JSONReader) throws(RenderingError) -> [ToolSpec]? {
    if try reader.isNull() { return nil }
    var tools: [ToolSpec] = []
    try reader.enterArray()
    while try reader.element() {
      let value = try reader.tree()
      do throws(RenderingError) {
        if value["type"] == "function", let function = value["function"] {
          tools.append(try ToolSpec(json: function))
        } else {
          tools.append(try ToolSpec(json: value))
        }
      } catch { throw error.inside("[\(tools.count)]") }
    }
    return tools
  }
}
