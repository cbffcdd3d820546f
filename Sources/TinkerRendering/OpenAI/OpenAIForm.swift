import TinkerJSON

/// The form of OpenAI's chat API that renderers give messages.
enum OpenAIForm {
  /// Where reasoning goes.
  enum Reasoning {
    /// Into the text, in `<think>` tags.
    case inline
    /// Into `reasoning_content`.
    case separate
  }

  /// A message in OpenAI's form.
  ///
  /// - Throws: `RenderingError` of kind `unsupported` for an image where reasoning is inline, and
  ///   whatever `arguments` throws.
  static func message(
    _ message: Message, reasoning: Reasoning, renderer: String,
    arguments: (ToolCall) throws(RenderingError) -> JSONValue = { (call) throws(RenderingError) in
      .string(JSONString(call.arguments))
    }
  ) throws(RenderingError) -> JSONValue {
    var out: JSONObject = ["role": .string(JSONString(message.role))]
    switch reasoning {
    case .inline:
      let text = try inlined(message.content, renderer: renderer)
      out["content"] = .string(JSONString(text))
    case .separate:
      out["content"] = .string(JSONString(message.content.joinedText))
      if case .parts(let parts) = message.content, message.content.hasThinking {
        let thinking = parts.reduce(into: "") { if case .thinking(let text) = $1 { $0 += text } }
        out["reasoning_content"] = .string(JSONString(thinking))
      }
    }
    if let calls = message.toolCalls, !calls.isEmpty {
      var items: [JSONValue] = []
      for (index, call) in calls.enumerated() {
        let value: JSONValue
        do throws(RenderingError) { value = try arguments(call) } catch {
          throw error.inside("tool_calls[\(index)].function.arguments")
        }
        items.append([
          "type": "function", "id": call.id.map { .string(JSONString($0)) } ?? .null,
          "function": ["name": .string(JSONString(call.name)), "arguments": value],
        ])
      }
      out["tool_calls"] = .array(items)
    }
    if message.role == Role.tool {
      if let id = message.toolCallID { out["tool_call_id"] = .string(JSONString(id)) }
      if let name = message.name { out["name"] = .string(JSONString(name)) }
    }
    return .object(out)
  }

  /// The arguments of a call as a value, for families whose templates walk over them.
  ///
  /// - Throws: `RenderingError` where the text is no JSON.
  static func parsedArguments(_ call: ToolCall) throws(RenderingError) -> JSONValue {
    do { return try JSONValue.parse(call.arguments) } catch {
      throw RenderingError(.conversation, "the arguments are not JSON: \(error.description)")
    }
  }

  private static func inlined(
    _ content: MessageContent, renderer: String
  ) throws(RenderingError) -> String {
    guard case .parts(let parts) = content else { return content.joinedText }
    var text = ""
    for (index, part) in parts.enumerated() {
      switch part {
      case .text(let piece): text += piece
      case .thinking(let piece): text += "<think>\(piece)</think>"
      case .image, .other:
        throw RenderingError(
          .unsupported, "\(renderer) has no OpenAI form for a part of type '\(part.typeName)'",
          at: "content[\(index)]")
      }
    }
    return text
  }
}
