import TinkerJSON

/// Messages in the form that chat templates take, which is Hugging Face's, and where each of them is.
struct TemplateConversation {
  /// Where a template wants reasoning.
  enum ReasoningForm: Sendable, Hashable {
    /// In a key of the message.
    case key(String)
    /// In the text, in `<think>` tags.
    case inline
    /// Nowhere.
    case none
  }

  /// What a template takes, as probing has found.
  struct Form: Sendable {
    var reasoning = ReasoningForm.none
    /// Whether arguments are a value; otherwise they are text.
    var takesArgumentObjects = true
  }

  /// The messages for the template.
  var messages: [JSONValue] = []
  /// The tools for the template; `nil` for none.
  var tools: [JSONValue]?
  /// The caller's index of each message.
  var sources: [Int?] = []
  /// The roles of the messages.
  var roles: [String] = []
  /// The caller's index of the message that declares the tools.
  var declaration: Int?

  init(
    _ normalized: NormalizedMessages, form: Form, renderer: String
  ) throws(RenderingError) {
    for index in normalized.messages.indices {
      let message = normalized.messages[index]
      let source = normalized.source(of: index)
      do throws(RenderingError) {
        if message.role == Role.toolDeclaration {
          guard let list = (try? JSONValue.parse(try message.content.onlyText()))?.array else {
            throw RenderingError(
              .conversation, "a declaration of tools must be a JSON list", at: "content")
          }
          tools = (tools ?? []) + list
          declaration = source
          continue
        }
        messages.append(.object(try Self.object(message, form: form, renderer: renderer)))
      } catch { throw error.inside("messages[\(source ?? index)]") }
      sources.append(source)
      roles.append(message.role)
    }
  }

  private static func object(
    _ message: Message, form: Form, renderer: String
  ) throws(RenderingError) -> JSONObject {
    var text = ""
    var reasoning: String?
    for (index, part) in message.content.asParts.enumerated() {
      switch part {
      case .text(let piece): text += piece
      case .thinking(let piece): reasoning = (reasoning ?? "") + piece
      case .image, .other:
        throw .unsupportedPart(part, at: index, renderer: renderer)
      }
    }
    var out: JSONObject = ["role": .string(JSONString(message.role))]
    switch (reasoning, form.reasoning) {
    case (nil, _), ("", _): out["content"] = .string(JSONString(text))
    case (let reasoning?, .key(let key)):
      out["content"] = .string(JSONString(text))
      out[key] = .string(JSONString(reasoning))
    case (let reasoning?, .inline):
      out["content"] = .string(JSONString("<think>\n\(reasoning)\n</think>\n\n\(text)"))
    case (_?, .none):
      throw RenderingError(
        .conversation, "\(renderer) has no place for reasoning, and would leave it out",
        at: "content")
    }
    if let calls = message.toolCalls, !calls.isEmpty {
      var items: [JSONValue] = []
      for (index, call) in calls.enumerated() {
        do throws(RenderingError) {
          items.append(try Self.object(call, takesObjects: form.takesArgumentObjects))
        } catch { throw error.inside("tool_calls[\(index)].function.arguments") }
      }
      out["tool_calls"] = .array(items)
    }
    if let id = message.toolCallID { out["tool_call_id"] = .string(JSONString(id)) }
    if let name = message.name { out["name"] = .string(JSONString(name)) }
    return out
  }

  private static func object(
    _ call: ToolCall, takesObjects: Bool
  ) throws(RenderingError) -> JSONValue {
    let arguments =
      takesObjects
      ? try OpenAIForm.parsedArguments(call) : .string(JSONString(call.arguments))
    var out: JSONObject = ["type": "function"]
    if let id = call.id { out["id"] = .string(JSONString(id)) }
    out["function"] = ["name": .string(JSONString(call.name)), "arguments": arguments]
    return .object(out)
  }
}
