import TinkerJSON

/// Tool calls and tool declarations as Qwen3 writes them, in text and vision models.
enum QwenToolCalls {
  /// Adds the calls to the chunk, a newline between two. `keepsArguments` writes the arguments as
  /// they came; otherwise they are serialized again.
  static func write(
    _ calls: [ToolCall], keepsArguments: Bool = false, to out: inout TokenWriter
  ) throws(RenderingError) {
    for (index, call) in calls.enumerated() {
      if index > 0 { out.toolCall("\n", isContent: false) }
      let arguments: JSONValue
      do { arguments = try JSONValue.parse(call.arguments) } catch {
        throw RenderingError(
          .conversation, "the arguments are not JSON: \(error.description)",
          at: "tool_calls[\(index)].function.arguments")
      }
      let name = JSONValue.string(JSONString(call.name)).serialized(.python)
      let text = keepsArguments ? call.arguments : arguments.serialized(.python)
      out.toolCall("<tool_call>\n", isContent: false)
      out.toolCall("{\"name\": \(name), \"arguments\": \(text)}", isContent: true)
      out.toolCall("\n</tool_call>", isContent: false)
    }
  }

  /// One system message; the reference adds an empty paragraph where there are no tools.
  static func declaration(tools: [ToolSpec], systemPrompt: String) -> [Message] {
    let lines = tools.map { tool in
      JSONValue.object(["type": "function", "function": .object(tool.json)]).serialized(.python)
    }
    let text =
      lines.isEmpty
      ? ""
      : """
      # Tools

      You may call one or more functions to assist with the user query.

      You are provided with function signatures within <tools></tools> XML tags:
      <tools>
      \(lines.joined(separator: "\n"))
      </tools>

      For each function call, return a json object with function name and arguments within \
      <tool_call></tool_call> XML tags:
      <tool_call>
      {"name": <function-name>, "arguments": <args-json-object>}
      </tool_call>
      """
    return [.system(systemPrompt.isEmpty ? text : "\(systemPrompt)\n\n\(text)")]
  }
}
