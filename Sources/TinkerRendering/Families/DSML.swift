import TinkerJSON

/// DeepSeek-V4.1's markup for tools: declarations and calls. `DSMLResponse.swift` reads it.
enum DSML {
  /// The marker before a block of calls.
  static let callsOpen = "<｜DSML｜ calls>"
  /// The marker behind a block of calls.
  static let callsClose = "</｜DSML｜ calls>"

  /// Adds a call to the chunk.
  ///
  /// - Throws: `RenderingError` where an argument is no text.
  static func write(_ call: ToolCall, to out: inout TokenWriter) throws(RenderingError) {
    out.toolCall("<｜DSML｜ invoke name=\"", isContent: false)
    out.toolCall(call.name, isContent: true)
    out.toolCall("\">\n", isContent: false)
    for (index, (name, value)) in arguments(of: call).enumerated() {
      let isString = value.kind == .string
      if !value.isWellFormed {
        throw RenderingError(
          .conversation, "an argument holds half of a surrogate pair, which is no text")
      }
      let separator = index > 0 ? "\n" : ""
      out.toolCall(
        "\(separator)<｜DSML｜ parameter name=\"\(name)\" string=\"\(isString)\">", isContent: false)
      out.toolCall(value.text ?? value.serialized(.pythonUnicode), isContent: true)
      out.toolCall("</｜DSML｜ parameter>", isContent: false)
    }
    out.toolCall("\n</｜DSML｜ invoke>", isContent: false)
  }

  /// The arguments of a call. Text that is an object only behind a second layer of quotes is read
  /// too; what is no object stands under the key `arguments`.
  static func arguments(of call: ToolCall) -> JSONObject {
    var value = JSONValue.string(JSONString(call.arguments))
    for _ in 0..<2 {
      guard let text = value.text, let inner = try? JSONValue.parse(text) else { break }
      value = inner
    }
    return value.object ?? ["arguments": .string(JSONString(call.arguments))]
  }

  /// The specifications in the content of a declaring message: a list of `{"function": …}`.
  ///
  /// - Throws: `RenderingError` where the content is anything else.
  static func declaredTools(in text: String) throws(RenderingError) -> [JSONValue] {
    let value: JSONValue
    do { value = try JSONValue.parse(text) } catch {
      throw RenderingError(
        .conversation, "the declaration of tools is not JSON: \(error.description)", at: "content")
    }
    var tools: [JSONValue] = []
    for item in value.array ?? [.null] {
      guard let tool = item["function"] else {
        throw RenderingError(
          .conversation, "expected a list of objects with the key 'function'", at: "content")
      }
      tools.append(tool)
    }
    return tools
  }

  /// The text that declares tools in the system message.
  static func declaration(of tools: [JSONValue]) -> String {
    """
    ## Tools

    You have access to a set of tools to help answer the user's question. You can invoke tools by \
    writing a "<｜DSML｜ calls>" block like the following:

    <｜DSML｜ calls>
    <｜DSML｜ invoke name="$TOOL_NAME">
    <｜DSML｜ parameter name="$PARAMETER_NAME" string="true|false">$PARAMETER_VALUE</｜DSML｜ parameter>
    ...
    </｜DSML｜ invoke>
    <｜DSML｜ invoke name="$TOOL_NAME2">
    ...
    </｜DSML｜ invoke>
    </｜DSML｜ calls>

    String parameters should be specified as is and set `string="true"`. For all other types \
    (numbers, booleans, arrays, objects), pass the value in JSON format and set `string="false"`.

    If thinking_mode is enabled (triggered by <think>), you MUST output your complete reasoning \
    inside <think>...</think> BEFORE any tool calls or final response.

    Otherwise, output directly after </think> with tool calls or final response.

    ### Available Tool Schemas

    \(tools.map { $0.serialized(.pythonUnicode) }.joined(separator: "\n"))

    You MUST strictly follow the above defined tool name and parameter schemas to invoke tool calls.

    """
  }
}
