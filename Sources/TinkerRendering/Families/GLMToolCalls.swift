import TinkerJSON

/// Tool calls of GLM-5.3: keys and values as elements, written, read and declared.
enum GLMToolCalls {
  /// Adds a call to the chunk.
  ///
  /// - Throws: `RenderingError` where the arguments are no JSON object.
  static func write(_ call: ToolCall, to out: inout TokenWriter) throws(RenderingError) {
    out.toolCall("<tool_call>", isContent: false)
    out.toolCall(call.name, isContent: true)
    for (key, value) in try QwenXMLCalls.arguments(of: call) {
      guard value.isWellFormed else {
        throw RenderingError(
          .conversation, "an argument holds half of a surrogate pair, which is no text",
          at: "function.arguments")
      }
      out.toolCall("<arg_key>\(key)</arg_key><arg_value>", isContent: false)
      out.toolCall(value.text ?? value.serialized(.pythonUnicode), isContent: true)
      out.toolCall("</arg_value>", isContent: false)
    }
    out.toolCall("</tool_call>", isContent: false)
  }

  /// Reads blocks of reasoning and calls, JSON calls first.
  static func message(from text: String) -> Message {
    guard let blocks = ContentBlocks(text) else {
      return Message(role: Role.assistant, content: .text(text))
    }
    var calls = blocks.toolCalls
    var unparsed: [UnparsedToolCall] = []
    for block in blocks.unparsed {
      switch call(in: block.rawText) {
      case .success(let call): calls.append(call)
      case .failure(let fault):
        unparsed.append(UnparsedToolCall(rawText: block.rawText, error: fault.message))
      }
    }
    return Message(
      role: Role.assistant, content: .parts(blocks.parts), toolCalls: calls.isEmpty ? nil : calls,
      unparsedToolCalls: unparsed.isEmpty ? nil : unparsed)
  }

  /// Reads `<tool_call>name<arg_key>…</arg_key><arg_value>…</arg_value>…</tool_call>`.
  private static func call(in block: String) -> Result<ToolCall, ToolCallJSON.Fault> {
    guard
      let inside = PythonText.strip(block[...]).removing(prefix: "<tool_call>")?
        .removing(suffix: "</tool_call>")
    else { return .failure(.init(message: "Malformed GLM tool call")) }
    let start = PythonText.stripStart(inside)
    let name = start.unicodeScalars.prefix { PythonText.isWord($0) || $0 == "-" || $0 == "." }
    if name.isEmpty { return .failure(.init(message: "Malformed GLM tool call")) }
    let body = PythonText.strip(start[name.endIndex...])
    var arguments = JSONObject()
    var place = body.startIndex
    while let pair = pair(in: body, from: place) {
      if !PythonText.isBlank(body[place..<pair.outer.lowerBound]) {
        return .failure(.init(message: "Unexpected content between tool call arguments"))
      }
      let key = String(PythonText.strip(pair.key))
      if key.isEmpty { return .failure(.init(message: "Empty tool call argument key")) }
      let text = String(pair.value)
      let value = (try? JSONValue.parse(text)) ?? .string(JSONString(text))
      arguments.set(JSONString(key), to: value)
      place = pair.outer.upperBound
    }
    if !PythonText.isBlank(body[place...]) {
      return .failure(.init(message: "Unexpected trailing content inside tool call"))
    }
    return .success(
      ToolCall(name: String(name), arguments: JSONValue.object(arguments).serialized()))
  }

  /// The next key and value: the key goes to the first closing tag behind which a value begins.
  private static func pair(
    in body: Substring, from start: String.Index
  ) -> (outer: Range<String.Index>, key: Substring, value: Substring)? {
    guard let open = body.place(of: "<arg_key>", from: start) else { return nil }
    let keyStart = body.utf8Index(open, behind: "<arg_key>")
    var place = keyStart
    while let keyEnd = body.place(of: "</arg_key>", from: place) {
      place = body.utf8Index(keyEnd, behind: "</arg_key>")
      guard let value = PythonText.stripStart(body[place...]).removing(prefix: "<arg_value>") else {
        continue
      }
      guard let end = body.place(of: "</arg_value>", from: value.startIndex) else { return nil }
      return (
        open..<body.utf8Index(end, behind: "</arg_value>"), body[keyStart..<keyEnd],
        body[value.startIndex..<end]
      )
    }
    return nil
  }

  /// The system message that declares tools. Deferred ones are left out.
  static func declaration(of tools: [ToolSpec]) -> String {
    let shown = tools.filter { !isDeferred($0) }
    let lines = shown.map { tool in
      var json = tool.json
      json["defer_loading"] = nil
      json["strict"] = nil
      return JSONValue.object(json).serialized(.pythonUnicode) + "\n"
    }
    return """

      # Tools

      You may call one or more functions to assist with the user query.

      You are provided with function signatures within <tools></tools> XML tags:
      <tools>
      \(lines.joined())</tools>

      For each function call, output the function name and arguments within the following XML format:
      <tool_call>{function-name}<arg_key>{arg-key-1}</arg_key><arg_value>{arg-value-1}</arg_value>\
      <arg_key>{arg-key-2}</arg_key><arg_value>{arg-value-2}</arg_value>...</tool_call>
      """
  }

  /// Whether Python counts the tool's `defer_loading` as true.
  private static func isDeferred(_ tool: ToolSpec) -> Bool {
    tool.json["defer_loading"].map(PythonRepresentation.isTrue) ?? false
  }
}
