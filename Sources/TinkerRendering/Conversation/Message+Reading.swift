public import TinkerJSON

extension Message {
  /// Keys that other formats use for what a model would read or learn. They are refused, because a
  /// message without them would be another message.
  private static let refusedKeys: Set<String> = [
    "function_call", "weight", "refusal", "audio", "reasoning", "thinking",
  ]

  /// Reads a message: the keys of the specification, and those of OpenAI's form that mean the same
  /// (`reasoning_content`, parts of type `image_url`). `null` counts as absent; keys that say nothing
  /// to a model are passed over.
  ///
  /// - Throws: `RenderingError` whose path is the field.
  public init(reading reader: inout JSONReader) throws(RenderingError) {
    var role: String?
    var content: MessageContent?
    var reasoning: String?
    self.init(role: "", content: .text(""))
    try reader.enterObject()
    while let key = try reader.memberKey() {
      if reader.matches(key, "role") {
        role = try reader.string("role")
      } else if reader.matches(key, "content") {
        do throws(RenderingError) {
          content = try reader.isNull() ? nil : try MessageContent(reading: &reader)
        } catch { throw error.inside("content") }
      } else if reader.matches(key, "tool_calls") {
        toolCalls = try reader.isNull() ? nil : try Self.toolCalls(reading: &reader)
      } else if reader.matches(key, "unparsed_tool_calls") {
        unparsedToolCalls = try reader.isNull() ? nil : try Self.unparsedCalls(reading: &reader)
      } else if reader.matches(key, "trainable") {
        trainable = try reader.optionalBool("trainable")
      } else if reader.matches(key, "tool_call_id") {
        toolCallID = try reader.optionalString("tool_call_id")
      } else if reader.matches(key, "name") {
        name = try reader.optionalString("name")
      } else if reader.matches(key, "reasoning_content") {
        reasoning = try reader.optionalString("reasoning_content")
      } else {
        try Self.passOver(key, in: &reader)
      }
    }
    guard let role else { throw .missing("role") }
    self.role = role
    if let content {
      self.content = content
    } else if toolCalls == nil && reasoning == nil {
      throw .missing("content")
    }
    if let reasoning { try addReasoning(reasoning) }
  }

  /// A message from its JSON form.
  ///
  /// - Throws: `RenderingError` whose path is the field.
  public init(json: JSONValue) throws(RenderingError) {
    var writer = JSONWriter(style: .python)
    writer.value(json)
    var reader = JSONReader(writer.bytes.span)
    try self.init(reading: &reader)
  }

  /// Reads an array of messages.
  ///
  /// - Throws: `RenderingError` whose path is the index and the field, for example `[2].content`.
  public static func messages(
    reading reader: inout JSONReader
  ) throws(RenderingError) -> [Message] {
    var messages: [Message] = []
    try reader.enterArray()
    while try reader.element() {
      do throws(RenderingError) {
        messages.append(try Message(reading: &reader))
      } catch { throw error.inside("[\(messages.count)]") }
    }
    return messages
  }

  /// Puts OpenAI's `reasoning_content` in front of the content as a thinking part.
  mutating func addReasoning(_ reasoning: String) throws(RenderingError) {
    if reasoning.isEmpty { return }
    guard role == Role.assistant else {
      throw RenderingError(
        .conversation, "only an assistant has reasoning, and the role is '\(role)'",
        at: "reasoning_content")
    }
    switch content {
    case .text(let text):
      content = .parts([.thinking(reasoning)] + (text.isEmpty ? [] : [.text(text)]))
    case .parts(let parts):
      content = .parts([.thinking(reasoning)] + parts)
    }
  }

  private static func passOver(
    _ key: JSONStringToken, in reader: inout JSONReader
  ) throws(RenderingError) {
    let isNull = try reader.isNull()
    if !isNull { try reader.skip() }
    let name = try reader.decoded(key).description
    if !isNull, refusedKeys.contains(name) {
      throw RenderingError(
        .conversation, "a message's '\(name)' cannot be rendered; remove it or convert the message",
        at: name)
    }
  }
}
