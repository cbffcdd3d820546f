import TinkerData
public import TinkerJSON

extension Message {
  /// Writes the message with the keys of the specification in their order, each only when present.
  /// The bytes of an image that was given as bytes are left out.
  ///
  /// - Throws: `RenderingError` for a part that has no JSON form here.
  public func write(to writer: inout JSONWriter) throws(RenderingError) {
    writer.beginObject()
    writer.key("role")
    writer.string(role)
    writer.key("content")
    try content.write(to: &writer)
    if let toolCalls {
      writer.key("tool_calls")
      writer.beginArray()
      for call in toolCalls { call.write(to: &writer) }
      writer.endArray()
    }
    if let unparsedToolCalls {
      writer.key("unparsed_tool_calls")
      writer.beginArray()
      for call in unparsedToolCalls {
        writer.beginObject()
        writer.key("raw_text")
        writer.string(call.rawText)
        writer.key("error")
        writer.string(call.error)
        writer.endObject()
      }
      writer.endArray()
    }
    if let trainable {
      writer.key("trainable")
      writer.bool(trainable)
    }
    if let toolCallID {
      writer.key("tool_call_id")
      writer.string(toolCallID)
    }
    if let name {
      writer.key("name")
      writer.string(name)
    }
    writer.endObject()
  }
}

extension MessageContent {
  func write(to writer: inout JSONWriter) throws(RenderingError) {
    switch self {
    case .text(let text): writer.string(text)
    case .parts(let parts):
      writer.beginArray()
      for (index, part) in parts.enumerated() {
        guard part.write(to: &writer) else {
          throw RenderingError(
            .conversation, "a part of type '\(part.typeName)' has no JSON form",
            at: "content[\(index)]")
        }
      }
      writer.endArray()
    }
  }
}

extension ContentPart {
  /// Writes the part; `false` if it has no form.
  fileprivate func write(to writer: inout JSONWriter) -> Bool {
    if case .other = self { return false }
    writer.beginObject()
    writer.key("type")
    writer.string(typeName)
    switch self {
    case .text(let text):
      writer.key("text")
      writer.string(text)
    case .thinking(let text):
      writer.key("thinking")
      writer.string(text)
    case .image(.reference(let url)):
      writer.key("image")
      writer.string(url)
    case .image(.bytes), .other: break
    }
    writer.endObject()
    return true
  }
}

extension ToolCall {
  /// Writes `{"type":"function","id":…,"function":{"name":…,"arguments":…}}`, the id also if it is
  /// absent.
  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("type")
    writer.string("function")
    writer.key("id")
    if let id { writer.string(id) } else { writer.null() }
    writer.key("function")
    writer.beginObject()
    writer.key("name")
    writer.string(name)
    writer.key("arguments")
    writer.string(arguments)
    writer.endObject()
    writer.endObject()
  }
}
