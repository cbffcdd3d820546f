import TinkerJSON

/// Responses of the Kimi models: reasoning, text, and a section of tool calls.
enum KimiResponse {
  private static let sections = [
    ("<|tool_calls_section_begin|>", "<|tool_calls_section_end|>"),
    ("<|tool_call_section_begin|>", "<|tool_call_section_end|>"),
  ]
  private static let callOpen = "<|tool_call_begin|>"
  private static let callClose = "<|tool_call_end|>"
  private static let argumentMarker = "<|tool_call_argument_begin|>"

  /// Reads the first section of calls and what stands before it.
  static func message(from text: String) -> Message {
    var content = text[...]
    var calls: [ToolCall] = []
    var unparsed: [UnparsedToolCall] = []
    let found = sections.compactMap { open, close in
      text.between(open, close, from: text.startIndex)
    }.min { $0.outer.lowerBound < $1.outer.lowerBound }
    if let found {
      content = text[..<found.outer.lowerBound]
      (calls, unparsed) = readCalls(in: text[found.inner])
    }
    for (open, close) in sections + [(callOpen, callClose)] {
      if let block = UnterminatedBlock.detect(in: text, open: open, close: close) {
        unparsed.append(block)
        break
      }
    }
    let rest = String(content)
    return Message(
      role: Role.assistant,
      content: ContentBlocks(rest, readsCalls: false).map { .parts($0.parts) } ?? .text(rest),
      toolCalls: calls.isEmpty ? nil : calls,
      unparsedToolCalls: unparsed.isEmpty ? nil : unparsed)
  }

  private static func readCalls(in section: Substring) -> ([ToolCall], [UnparsedToolCall]) {
    var calls: [ToolCall] = []
    var unparsed: [UnparsedToolCall] = []
    var place = section.startIndex
    while let begin = section.place(of: callOpen, from: place) {
      let idStart = section.utf8Index(begin, behind: callOpen)
      place = idStart
      // The id goes up to the next `<`, which must begin the marker of the arguments.
      let id = Substring(section[idStart...].unicodeScalars.prefix { $0 != "<" })
      guard isIdentifier(PythonText.stripEnd(id)),
        let rest = section[id.endIndex...].removing(prefix: argumentMarker),
        let end = section.place(of: callClose, from: rest.startIndex)
      else { continue }
      place = section.utf8Index(end, behind: callClose)
      let identifier = String(PythonText.strip(id))
      let arguments = String(PythonText.strip(section[rest.startIndex..<end]))
      do {
        _ = try JSONValue.parse(arguments)
        calls.append(
          ToolCall(
            id: identifier.isEmpty ? nil : identifier, name: name(in: identifier),
            arguments: arguments))
      } catch {
        unparsed.append(
          UnparsedToolCall(
            rawText: String(section[begin..<place]), error: "Invalid JSON: \(error.description)"))
      }
    }
    return (calls, unparsed)
  }

  /// Whether the text is something, a colon, and digits.
  private static func isIdentifier(_ text: Substring) -> Bool {
    let scalars = text.unicodeScalars
    let digits = scalars.reversed().prefix {
      $0.properties.generalCategory == .decimalNumber
    }
    let head = scalars.dropLast(digits.count)
    return !digits.isEmpty && head.last == ":" && head.count > 1
  }

  /// The name in an id: before the first colon, behind the first point.
  private static func name(in identifier: String) -> String {
    let head = identifier.utf8.prefix { $0 != UInt8(ascii: ":") }
    guard let point = head.firstIndex(of: UInt8(ascii: ".")) else { return String(Substring(head)) }
    return String(Substring(head[head.index(after: point)...]))
  }
}
