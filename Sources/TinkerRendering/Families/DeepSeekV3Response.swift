import TinkerJSON

/// Responses and tool declarations of DeepSeek-V3.1.
enum DeepSeekV3Response {
  private static let callsOpen = "<｜tool▁calls▁begin｜>"
  private static let callsClose = "<｜tool▁calls▁end｜>"
  private static let callOpen = "<｜tool▁call▁begin｜>"
  private static let callClose = "<｜tool▁call▁end｜>"
  private static let separator = "<｜tool▁sep｜>"

  /// Reads tool calls and reasoning.
  /// `takesAnyName` reads calls of tools whose names have other characters than `\w`, too.
  static func message(from text: String, takesAnyName: Bool = false) -> Message {
    var message = Message(role: Role.assistant, content: .text(text))
    var (calls, unparsed) = readCalls(text, takesAnyName)
    if let open = UnterminatedBlock.detect(in: text, open: callsOpen, close: callsClose)
      ?? UnterminatedBlock.detect(in: text, open: callOpen, close: callClose)
    {
      unparsed.append(open)
    }
    var content = text
    if !calls.isEmpty || !unparsed.isEmpty { content = withoutSections(text) }
    message.content =
      ContentBlocks(content, readsCalls: false).map { .parts($0.parts) }
      ?? .text(content)
    if !calls.isEmpty { message.toolCalls = calls }
    if !unparsed.isEmpty { message.unparsedToolCalls = unparsed }
    return message
  }

  /// The calls of the first section. A call whose name has other characters than `\w` is passed over.
  private static func readCalls(
    _ text: String, _ takesAnyName: Bool
  ) -> ([ToolCall], [UnparsedToolCall]) {
    var calls: [ToolCall] = []
    var unparsed: [UnparsedToolCall] = []
    guard let section = text.between(callsOpen, callsClose, from: text.startIndex) else {
      return (calls, unparsed)
    }
    let inner = text[section.inner]
    var place = inner.startIndex
    while let start = inner.place(of: callOpen, from: place) {
      let nameStart = inner.utf8.index(start, offsetBy: callOpen.utf8.count)
      place = nameStart
      let name =
        takesAnyName
        ? inner[nameStart..<(inner.place(of: separator, from: nameStart) ?? nameStart)]
        : Substring(inner[nameStart...].unicodeScalars.prefix(while: PythonText.isWord))
      guard !name.isEmpty, inner[name.endIndex...].utf8.starts(with: separator.utf8) else {
        continue
      }
      let argumentsStart = inner.utf8.index(name.endIndex, offsetBy: separator.utf8.count)
      // Without an end behind this call none of the later ones has an end.
      guard let end = inner.place(of: callClose, from: argumentsStart) else { break }
      place = inner.utf8.index(end, offsetBy: callClose.utf8.count)
      let arguments = String(PythonText.strip(inner[argumentsStart..<end]))
      do {
        _ = try JSONValue.parse(arguments)
        calls.append(ToolCall(name: String(name), arguments: arguments))
      } catch {
        unparsed.append(
          UnparsedToolCall(
            rawText: String(inner[start..<place]), error: "Invalid JSON: \(error.description)"))
      }
    }
    return (calls, unparsed)
  }

  /// The text without its closed sections and the white space before them, trimmed.
  private static func withoutSections(_ text: String) -> String {
    var out = ""
    var place = text.startIndex
    while let section = text.between(callsOpen, callsClose, from: place) {
      out += PythonText.stripEnd(text[place..<section.outer.lowerBound])
      place = section.outer.upperBound
    }
    out += text[place...]
    return String(PythonText.strip(out[...]))
  }

  /// What is written behind the system prompt.
  static func declaration(of tools: [ToolSpec]) -> String {
    if tools.isEmpty { return "" }
    let blocks = tools.map { tool in
      """
      ### \(tool.name)
      Description: \(tool.description)

      Parameters: \(JSONValue.object(tool.parameters).serialized(.python))
      """
    }
    return """


      ## Tools
      You have access to the following tools:

      \(blocks.joined(separator: "\n"))

      IMPORTANT: ALWAYS adhere to this exact format for tool use:
      <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>tool_call_name<｜tool▁sep｜>tool_call_arguments\
      <｜tool▁call▁end｜><｜tool▁calls▁end｜>

      Where:
      - `tool_call_name` must be an exact match to one of the available tools
      - `tool_call_arguments` must be valid JSON that strictly follows the tool's Parameters Schema
      - For multiple tool calls, chain them directly without separators or spaces
      """
  }
}
