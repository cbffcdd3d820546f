import TinkerJSON

/// The formats of Nemotron 3: Nano and Super, and Ultra with the 3.5 models.
struct Nemotron3: ChatFamily {
  /// How much the model is asked to think.
  enum Effort {
    /// As much as it likes.
    case full
    /// Less: a sentence behind the last user message. Super's `low`, Ultra's `efficient`.
    case reduced
    /// Not at all.
    case disabled
  }

  let name: String
  let stopSequences: StopSequences
  let hasExtensionProperty: Bool
  let disablesThinking: Bool

  private static let emptyBlock = "<think></think>"

  private let isUltra: Bool
  private let effort: Effort
  private let stripsHistory: Bool
  private let mergesChunks: Bool
  private let headers: PositionedHeaders
  private let closedHeaders: PositionedHeaders
  private let spacedHeaders: PositionedHeaders
  private let suffixes: PositionedHeaders
  private let opening: ReasoningOpening

  init(isUltra: Bool, effort: Effort = .full, _ setup: FamilySetup) throws(RenderingError) {
    name = setup.name
    self.isUltra = isUltra
    self.effort = effort
    disablesThinking = effort == .disabled
    stopSequences = .tokens([try setup.token("<|im_end|>")])
    stripsHistory = setup.options.stripsThinkingFromHistory
    mergesChunks = setup.options[bool: "merge_text_chunks"]
    hasExtensionProperty = !stripsHistory
    let roles = [Role.assistant]
    headers = PositionedHeaders(setup) { "<|im_start|>\($0)\n" }
    closedHeaders = PositionedHeaders(setup, roles: roles) {
      "<|im_start|>\($0)\n\(Self.emptyBlock)"
    }
    spacedHeaders = PositionedHeaders(setup, roles: roles) {
      "<|im_start|>\($0)\n\(Self.emptyBlock)\n"
    }
    suffixes =
      disablesThinking
      ? closedHeaders : PositionedHeaders(setup, roles: roles) { "<|im_start|>\($0)\n<think>\n" }
    opening = try ReasoningOpening("<think>\n", setup)
  }

  // MARK: Writing

  /// The template always writes a system message, an empty one if there is none.
  func normalized(
    _ messages: ArraySlice<Message>
  ) throws(RenderingError) -> NormalizedMessages {
    if messages.first?.role == Role.system { return NormalizedMessages(messages) }
    return NormalizedMessages.inserting(.system(""), before: messages)
  }

  func write(
    _ message: Message, in context: RenderContext, to out: inout TokenWriter
  ) throws(RenderingError) {
    let content = Self.trimmed(try withEffort(message, in: context))
    writeHeader(of: message, content, in: context, to: &out)
    if message.role == Role.tool {
      out.framing("<tool_response>\n")
      endText(&out)
    }
    let dropsThinking =
      stripsHistory && message.role == Role.assistant && !context.isLast
      && context.index < context.lastUserIndex
    try writeParts(of: content, dropsThinking: dropsThinking, to: &out)
    if message.role == Role.tool {
      out.framing("\n</tool_response>\n")
      endText(&out)
    }
    if let calls = message.toolCalls {
      if !endsInNewline(content) { out.toolCall("\n", isContent: false) }
      for (index, call) in calls.enumerated() {
        do throws(RenderingError) {
          try QwenXMLCalls.write(call, scalars: .python, to: &out)
        } catch { throw error.inside("tool_calls[\(index)]") }
        out.toolCall("\n", isContent: false)
      }
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

  /// Only strings are trimmed.
  private static func trimmed(_ content: MessageContent) -> MessageContent {
    if case .text = content { QwenTrim.trimmed(content) } else { content }
  }

  /// The content with the sentence about effort, if it is the last user message's.
  private func withEffort(
    _ message: Message, in context: RenderContext
  ) throws(RenderingError) -> MessageContent {
    guard effort == .reduced, message.role == Role.user, context.index == context.lastUserIndex
    else { return message.content }
    let sentence = "\n\n{reasoning effort: \(isUltra ? "efficient" : "low")}"
    switch message.content {
    case .text(let text): return .text(text + sentence)
    case .parts(let parts):
      if isUltra { return .parts(parts + [.text(sentence)]) }
      throw RenderingError(
        .conversation,
        "\(name) takes only text in the last user message, and the content is a list of parts",
        at: "content")
    }
  }

  private func writeHeader(
    of message: Message, _ content: MessageContent, in context: RenderContext,
    to out: inout TokenWriter
  ) {
    switch message.role {
    case Role.tool:
      if context.followsTool {
        // The answer before ended in a newline, and nothing separates the two.
        out.header([])
      } else {
        headers.write(Role.user, at: context.index, to: &out)
      }
    case Role.assistant:
      answerHeaders(of: message, content, in: context)
        .write(message.role, at: context.index, to: &out)
    default: headers.write(message.role, at: context.index, to: &out)
    }
  }

  /// The header of an answer: with an empty block unless its reasoning is written.
  private func answerHeaders(
    of message: Message, _ content: MessageContent, in context: RenderContext
  ) -> PositionedHeaders {
    let isHistory = context.index < context.lastUserIndex
    if content.hasThinking && (!isHistory || !stripsHistory) { return headers }
    let isSpaced =
      !isUltra && isHistory && content.hasThinking && Self.hasTextPart(content)
      && !message.hasToolCalls
    return isSpaced ? spacedHeaders : closedHeaders
  }

  private func writeParts(
    of content: MessageContent, dropsThinking: Bool, to out: inout TokenWriter
  ) throws(RenderingError) {
    let parts = content.asParts
    let imageCount = parts.count(where: \.isImage)
    var imageNumber = 0
    // Whether the text since the last image ends inside a line.
    var isInsideLine = false
    for (index, part) in parts.enumerated() {
      switch part {
      case .text(let text):
        out.content(text)
        if let last = text.utf8.last { isInsideLine = last != UInt8(ascii: "\n") }
      case .thinking(let text):
        if dropsThinking { continue }
        out.framing("<think>\n")
        out.thinking(text)
        out.framing(isUltra ? "</think>" : "\n</think>\n")
        isInsideLine = isUltra
      case .image(let source):
        imageNumber += 1
        out.framing(isInsideLine ? "\n" : "")
        let label = imageCount > 1 ? "<image \(imageNumber)>" : ""
        try out.image(source, part: index, between: label + "<img>", and: "</img>")
        isInsideLine = false
      case .other: continue
      }
      endText(&out)
    }
  }

  /// Whether the content ends in the newline behind the reasoning, so that calls need none.
  private func endsInNewline(_ content: MessageContent) -> Bool {
    guard !isUltra, case .parts(let parts) = content else { return false }
    return parts.contains(where: \.isThinking) && !Self.hasTextPart(content)
  }

  private static func hasTextPart(_ content: MessageContent) -> Bool {
    guard case .parts(let parts) = content else { return false }
    return parts.contains { if case .text(let text) = $0 { !text.isEmpty } else { false } }
  }

  /// Ends a part of text: its chunk, unless neighbours are merged.
  private func endText(_ out: inout TokenWriter) {
    if !mergesChunks { out.endChunk() }
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
    var declarations: [String] = []
    for tool in tools { declarations.append(try NemotronTools.text(for: tool)) }
    let text = QwenXMLCalls.declaration(of: declarations.joined(separator: "\n"))
    return [.system(systemPrompt.isEmpty ? text : "\(systemPrompt)\n\n\(text)")]
  }

  func openAIMessage(_ message: Message) throws(RenderingError) -> JSONValue {
    try OpenAIForm.message(
      message, reasoning: .separate, renderer: name, arguments: OpenAIForm.parsedArguments)
  }
}
