import TinkerJSON

/// Reasoning inside the text of a message.
enum QwenThinking {
  /// Splits a string at its first `</think>`: the reasoning between the last `<think>` before it and
  /// the tag, and what follows. Text before the `<think>` is lost, as in the reference.
  static func inline(in text: String) -> (reasoning: Substring, rest: Substring)? {
    let span = text.utf8.span
    guard let close = ByteSearch.first("</think>".utf8.span, in: span, from: 0) else { return nil }
    let open = "<think>"
    let start = ByteSearch.places(of: open, in: span).last { $0 + open.utf8.count <= close }
    let utf8 = text.utf8
    let from = utf8.index(
      utf8.startIndex, offsetBy: start.map { $0 + open.utf8.count } ?? 0)
    let to = utf8.index(utf8.startIndex, offsetBy: close)
    let behind = utf8.index(to, offsetBy: "</think>".utf8.count)
    return (text[from..<to], text[behind...])
  }

  /// Takes the newlines off that framing puts around reasoning; what is empty then is dropped.
  static func unframed(_ parts: [ContentPart]) -> [ContentPart] {
    var out: [ContentPart] = []
    var followsThinking = false
    for part in parts {
      switch part {
      case .thinking(let text):
        let inner = PythonText.stripNewlines(text[...])
        if !inner.isEmpty { out.append(.thinking(String(inner))) }
        followsThinking = true
      case .text(let text):
        out.append(
          .text(followsThinking ? String(PythonText.stripNewlinesAtStart(text[...])) : text))
        followsThinking = false
      case .image, .other:
        out.append(part)
        followsThinking = false
      }
    }
    return out
  }
}

/// The response of a Qwen3 model.
enum QwenResponse {
  /// Reads blocks of reasoning and tool calls.
  ///
  /// - Parameters:
  ///   - text: The text before the stop token.
  ///   - unframes: Whether the newlines around reasoning belong to the format.
  /// - Returns: a message whose content is a string if there are no blocks.
  static func message(from text: String, unframes: Bool) -> Message {
    var message = Message(role: Role.assistant, content: .text(text))
    var unparsed: [UnparsedToolCall] = []
    if let blocks = ContentBlocks(text) {
      message.content = .parts(unframes ? QwenThinking.unframed(blocks.parts) : blocks.parts)
      if !blocks.toolCalls.isEmpty { message.toolCalls = blocks.toolCalls }
      unparsed = blocks.unparsed
    }
    if let open = UnterminatedBlock.detect(in: text, open: "<tool_call>", close: "</tool_call>") {
      unparsed.append(open)
    }
    if !unparsed.isEmpty { message.unparsedToolCalls = unparsed }
    return message
  }
}
