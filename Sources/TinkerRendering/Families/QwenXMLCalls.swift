import TinkerJSON

/// Tool calls in XML with one element a parameter, as Qwen3.5, its successors and Nemotron 3 write
/// them.
enum QwenXMLCalls {
  /// How values that are no strings are written.
  enum Scalars {
    /// As Python's `str` does: `True`, `None`.
    case python
    /// As JSON: `true`, `null`.
    case json
  }

  /// Adds a call to the chunk.
  ///
  /// - Throws: `RenderingError` where the arguments are no JSON object.
  static func write(
    _ call: ToolCall, scalars: Scalars, to out: inout TokenWriter
  ) throws(RenderingError) {
    out.toolCall("<tool_call>\n<function=", isContent: false)
    out.toolCall(call.name, isContent: true)
    out.toolCall(">\n", isContent: false)
    for (name, value) in try arguments(of: call) {
      out.toolCall("<parameter=\(name)>\n", isContent: false)
      out.toolCall(try text(of: value, scalars), isContent: true)
      out.toolCall("\n</parameter>\n", isContent: false)
    }
    out.toolCall("</function>\n</tool_call>", isContent: false)
  }

  /// The arguments of a call as an object; empty text means none.
  ///
  /// - Throws: `RenderingError` at `function.arguments`.
  static func arguments(of call: ToolCall) throws(RenderingError) -> JSONObject {
    if call.arguments.isEmpty { return [:] }
    let value: JSONValue
    do { value = try JSONValue.parse(call.arguments) } catch {
      throw RenderingError(
        .conversation, "the arguments are not JSON: \(error.description)",
        at: "function.arguments")
    }
    guard let object = value.object else {
      throw RenderingError(
        .conversation, "expected an object of arguments, found \(value.kind.rawValue)",
        at: "function.arguments")
    }
    return object
  }

  private static func text(
    of value: JSONValue, _ scalars: Scalars
  ) throws(RenderingError) -> String {
    switch value {
    case .string(let string):
      guard let text = string.text else {
        throw RenderingError(
          .conversation, "an argument holds half of a surrogate pair, which is no text",
          at: "function.arguments")
      }
      return text
    case .array, .object: return value.serialized()
    case .null, .bool, .number:
      return scalars == .json ? value.serialized() : PythonRepresentation.str(value)
    }
  }

  /// How the model is told to call functions, behind the list of tools.
  static func declaration(of tools: String) -> String {
    """
    # Tools

    You have access to the following functions:

    <tools>
    \(tools)
    </tools>

    If you choose to call a function ONLY reply in the following format with NO suffix:

    <tool_call>
    <function=example_function_name>
    <parameter=example_parameter_1>
    value_1
    </parameter>
    <parameter=example_parameter_2>
    This is the value for the second parameter
    that can span
    multiple lines
    </parameter>
    </function>
    </tool_call>

    <IMPORTANT>
    Reminder:
    - Function calls MUST follow the specified format: an inner <function=...></function> block must \
    be nested within <tool_call></tool_call> XML tags
    - Required parameters MUST be specified
    - You may provide optional reasoning for your function call in natural language BEFORE the \
    function call, but NOT after
    - If there is no function call available, answer the question like normal with your current \
    knowledge and do not tell the user about function calls
    </IMPORTANT>
    """
  }
}
