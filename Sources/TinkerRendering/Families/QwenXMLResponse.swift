import TinkerJSON

/// Responses of the models that write tool calls in XML.
enum QwenXMLResponse {
  /// Reads blocks of reasoning and tool calls, JSON calls first.
  static func message(from text: String) -> Message {
    var message = QwenResponse.message(from: text, unframes: true)
    if case .parts(let parts) = message.content {
      message.content = .parts(
        parts.map { part in
          guard case .thinking(let text) = part else { return part }
          return .thinking(String(PythonText.strip(text[...])))
        })
    }
    var calls = message.toolCalls ?? []
    var unparsed: [UnparsedToolCall] = []
    for block in message.unparsedToolCalls ?? [] {
      // An unterminated block keeps its own error, which says more.
      if block.isUnterminated || !ByteSearch.contains("<function=", in: block.rawText.utf8.span) {
        unparsed.append(block)
        continue
      }
      switch call(in: block.rawText) {
      case .success(let call): calls.append(call)
      case .failure(let fault):
        unparsed.append(UnparsedToolCall(rawText: block.rawText, error: fault.message))
      }
    }
    message.toolCalls = calls.isEmpty ? nil : calls
    message.unparsedToolCalls = unparsed.isEmpty ? nil : unparsed
    return message
  }

  /// Reads `<tool_call><function=…><parameter=…>…</parameter>…</function></tool_call>`.
  private static func call(in block: String) -> Result<ToolCall, ToolCallJSON.Fault> {
    guard let (name, body) = function(in: block[...]) else {
      return .failure(.init(message: "Malformed Qwen3.5 tool call XML"))
    }
    if name.isEmpty { return .failure(.init(message: "Missing function name")) }
    var arguments = JSONObject()
    var place = body.startIndex
    while let parameter = parameter(in: body, from: place) {
      if !PythonText.isBlank(body[place..<parameter.outer.lowerBound]) {
        return .failure(
          .init(message: "Unexpected non-parameter content inside <function> block"))
      }
      if parameter.name.isEmpty { return .failure(.init(message: "Empty parameter name")) }
      let text = String(parameter.value)
      let value = (try? JSONValue.parse(text)) ?? .string(JSONString(text))
      arguments.set(JSONString(String(parameter.name)), to: value)
      place = parameter.outer.upperBound
    }
    if !PythonText.isBlank(body[place...]) {
      return .failure(.init(message: "Unexpected trailing content inside <function> block"))
    }
    return .success(
      ToolCall(name: String(name), arguments: JSONValue.object(arguments).serialized()))
  }

  /// The name and body of the function that is the whole of a block.
  ///
  /// The pattern is anchored at both ends, so the body ends at a `</function>` behind which nothing
  /// but `</tool_call>` stands.
  private static func function(in block: Substring) -> (name: Substring, body: Substring)? {
    guard let inside = PythonText.strip(block).removing(prefix: "<tool_call>"),
      let tagged = PythonText.stripStart(inside).removing(prefix: "<function="),
      let (name, rest) = attribute(of: tagged),
      let body = rest.removing(suffix: "</tool_call>").map(PythonText.stripEnd),
      let inner = body.removing(suffix: "</function>")
    else { return nil }
    return (PythonText.strip(name), PythonText.strip(inner))
  }

  /// The next parameter: its whole range, its name, and its value without white space around it.
  private static func parameter(
    in body: Substring, from start: Substring.Index
  ) -> (outer: Range<Substring.Index>, name: Substring, value: Substring)? {
    var place = start
    while let open = body.place(of: "<parameter=", from: place) {
      let behind = body.utf8Index(open, behind: "<parameter=")
      place = behind
      guard let (name, rest) = attribute(of: body[behind...]),
        let close = body.place(of: "</parameter>", from: rest.startIndex)
      else { continue }
      let end = body.utf8Index(close, behind: "</parameter>")
      return (
        open..<end, PythonText.strip(name), PythonText.strip(body[rest.startIndex..<close])
      )
    }
    return nil
  }

  /// Splits `name>rest`; the name has at least one character and no line break.
  private static func attribute(of text: Substring) -> (name: Substring, rest: Substring)? {
    guard
      let end = text.utf8.firstIndex(where: { $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "\n") }
      ),
      text.utf8[end] == UInt8(ascii: ">"), end > text.startIndex
    else { return nil }
    return (text[..<end], text[text.utf8.index(after: end)...])
  }
}
