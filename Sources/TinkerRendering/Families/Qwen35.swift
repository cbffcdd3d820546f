import TinkerJSON
import TinkerTokenizer

/// The formats of Qwen3.5, which Qwen3.6 shares, and of Qwen3.8: vision models whose prompts open the
/// reasoning, with tool calls in XML.
struct Qwen35: ChatFamily {
  /// The members of the family.
  enum Version {
    /// Qwen3.5 and 3.6.
    case v35
    /// Qwen3.8 with the sentence about its effort; none for medium effort.
    case v38(instruction: String)
  }

  let name: String
  let stopSequences: StopSequences
  let hasExtensionProperty = false
  let disablesThinking: Bool

  private static let emptyBlock = "<think>\n\n</think>\n\n"

  private let version: Version
  private let stripsHistory: Bool
  private let mergesChunks: Bool
  private let headers: PositionedHeaders
  private let closedHeaders: PositionedHeaders
  private let suffixes: PositionedHeaders
  /// What follows the prompt's open tag in a turn that does not reason.
  private let blockRest: [UInt32]
  private let opening: ReasoningOpening

  init(_ version: Version, disablesThinking: Bool = false, _ setup: FamilySetup)
    throws(RenderingError)
  {
    name = setup.name
    self.version = version
    self.disablesThinking = disablesThinking
    stopSequences = .tokens([try setup.token("<|im_end|>")])
    stripsHistory = setup.options.stripsThinkingFromHistory
    mergesChunks = setup.options[bool: "merge_text_chunks"]
    headers = PositionedHeaders(setup) { "<|im_start|>\($0)\n" }
    closedHeaders = PositionedHeaders(setup, roles: [Role.assistant]) {
      "<|im_start|>\($0)\n\(Self.emptyBlock)"
    }
    suffixes =
      disablesThinking
      ? closedHeaders
      : PositionedHeaders(setup, roles: [Role.assistant]) { "<|im_start|>\($0)\n<think>\n" }
    blockRest = setup.encode("\n</think>\n\n")
    opening = try ReasoningOpening("<think>\n", setup)
  }

  // MARK: Writing

  func normalized(
    _ messages: ArraySlice<Message>
  ) throws(RenderingError) -> NormalizedMessages {
    guard case .v38(let instruction) = version else { return NormalizedMessages(messages) }
    return Qwen38Effort.apply(disablesThinking ? "" : instruction, to: messages)
  }

  func write(
    _ message: Message, in context: RenderContext, to out: inout TokenWriter
  ) throws(RenderingError) {
    let content = QwenTrim.trimmed(message.content)
    writeHeader(of: message, content, in: context, to: &out)
    if message.role == Role.tool {
      out.framing("<tool_response>\n")
      endText(&out)
    }
    try writeParts(of: content, dropsThinking: stripsThinking(of: message, in: context), to: &out)
    if message.role == Role.tool {
      out.framing("\n</tool_response>")
      endText(&out)
    }
    if let calls = message.toolCalls {
      if Self.isVisible(content) { out.toolCall("\n\n", isContent: false) }
      try writeCalls(calls, to: &out)
      endText(&out)
    }
    // Answers of several tools share one block, which the last of them closes.
    if message.role != Role.tool || context.next?.role != Role.tool {
      out.stop("<|im_end|>")
      out.endChunk()
    } else if mergesChunks {
      out.endChunk()
    }
  }

  private func writeHeader(
    of message: Message, _ content: MessageContent, in context: RenderContext,
    to out: inout TokenWriter
  ) {
    if message.role == Role.tool {
      if context.followsTool {
        out.header(encoding: "\n")
      } else {
        headers.write(Role.user, at: context.index, to: &out)
      }
      return
    }
    guard message.role == Role.assistant, hasEmptyBlock(content, in: context) else {
      headers.write(message.role, at: context.index, to: &out)
      return
    }
    if context.isLast && !disablesThinking {
      // The prompt ends in the open tag, so the rest of the empty block is the answer's.
      suffixes.write(message.role, at: context.index, to: &out)
      out.append(blockRest, kind: .framing)
    } else {
      closedHeaders.write(message.role, at: context.index, to: &out)
    }
  }

  private func writeParts(
    of content: MessageContent, dropsThinking: Bool, to out: inout TokenWriter
  ) throws(RenderingError) {
    for (index, part) in content.asParts.enumerated() {
      switch part {
      case .text(let text): out.content(text)
      case .thinking(let text):
        if dropsThinking { continue }
        out.framing("<think>\n")
        out.thinking(text)
        out.framing("\n</think>\n\n")
      case .image(let source):
        try out.image(source, part: index, between: "<|vision_start|>", and: "<|vision_end|>")
      case .other: continue
      }
      endText(&out)
    }
  }

  private func writeCalls(_ calls: [ToolCall], to out: inout TokenWriter) throws(RenderingError) {
    let scalars: QwenXMLCalls.Scalars = if case .v35 = version { .python } else { .json }
    for (index, call) in calls.enumerated() {
      if index > 0 { out.toolCall("\n", isContent: false) }
      do throws(RenderingError) {
        try QwenXMLCalls.write(call, scalars: scalars, to: &out)
      } catch { throw error.inside("tool_calls[\(index)]") }
    }
  }

  /// Ends a part of text: its chunk, unless neighbours are merged.
  private func endText(_ out: inout TokenWriter) {
    if !mergesChunks { out.endChunk() }
  }

  private func stripsThinking(of message: Message, in context: RenderContext) -> Bool {
    guard stripsHistory, message.role == Role.assistant else { return false }
    return switch version {
    case .v35: !context.isLast
    case .v38: context.index <= context.lastUserIndex
    }
  }

  /// Whether an answer's header closes an empty block.
  private func hasEmptyBlock(_ content: MessageContent, in context: RenderContext) -> Bool {
    switch version {
    case .v35: return context.index > context.lastUserIndex && !content.hasThinking
    case .v38:
      if stripsHistory && context.index <= context.lastUserIndex { return false }
      if case .parts = content { return !content.hasThinking }
      return true
    }
  }

  /// Whether the template sees text or an image before the tool calls.
  private static func isVisible(_ content: MessageContent) -> Bool {
    content.asParts.contains { part in
      switch part {
      case .text(let text): !PythonText.isBlank(text[...])
      case .image: true
      case .thinking, .other: false
      }
    }
  }

  func writeGenerationSuffix(
    role: String, in context: RenderContext, to out: inout TokenWriter
  ) throws(RenderingError) {
    suffixes.write(role, at: context.index, to: &out)
  }

  func answerOpening(in context: RenderContext) -> [UInt32] {
    disablesThinking ? [] : opening.tokens
  }

  // MARK: Reading

  var responseOpening: [UInt32] { disablesThinking ? [] : opening.tokens }

  func restored(_ tokens: [UInt32]) -> [UInt32] { opening.restored(tokens) }

  func message(from text: String) -> Message { QwenXMLResponse.message(from: text) }

  // MARK: Other forms

  func toolDeclaration(
    tools: [ToolSpec], systemPrompt: String
  ) throws(RenderingError) -> [Message] {
    if tools.isEmpty { return [.system(systemPrompt)] }
    let lines = tools.map { JSONValue.object($0.json).serialized() }.joined(separator: "\n")
    let text = QwenXMLCalls.declaration(of: lines)
    return [.system(systemPrompt.isEmpty ? text : "\(text)\n\n\(systemPrompt)")]
  }

  func openAIMessage(_ message: Message) throws(RenderingError) -> JSONValue {
    try OpenAIForm.message(
      message, reasoning: .separate, renderer: name, arguments: OpenAIForm.parsedArguments)
  }
}
