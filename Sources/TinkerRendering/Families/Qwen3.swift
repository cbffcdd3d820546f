import TinkerJSON
import TinkerTokenizer

/// The text formats of Qwen3: with thinking, with thinking turned off, and the instruct models.
struct Qwen3: ChatFamily {
  /// The three members of the family.
  enum Variant {
    /// The model decides whether to think.
    case thinking
    /// The prompt closes an empty block before the answer.
    case disabled
    /// The model does not know blocks.
    case instruct
  }

  let name: String
  let stopSequences: StopSequences
  let hasExtensionProperty: Bool
  let disablesThinking: Bool

  private static let emptyBlock = "<think>\n\n</think>\n\n"

  private let isStrict: Bool
  private let stripsHistory: Bool
  private let framesThinking: Bool
  private let firstHeaders: RoleHeaders
  private let laterHeaders: RoleHeaders
  private let firstSuffixes: RoleHeaders
  private let laterSuffixes: RoleHeaders
  private let end: UInt32
  private let emptyBlockIDs: [UInt32]

  init(_ variant: Variant, _ setup: FamilySetup) throws(RenderingError) {
    name = setup.name
    isStrict = setup.isStrict
    end = try setup.token("<|im_end|>")
    stopSequences = .tokens([end])
    stripsHistory = setup.options.stripsThinkingFromHistory
    framesThinking = variant != .instruct
    disablesThinking = variant == .disabled
    hasExtensionProperty = variant == .instruct || !stripsHistory
    firstHeaders = RoleHeaders(setup) { "<|im_start|>\($0)\n" }
    laterHeaders = RoleHeaders(setup) { "\n<|im_start|>\($0)\n" }
    let roles = [Role.assistant]
    firstSuffixes = RoleHeaders(setup, roles: roles) { "<|im_start|>\($0)\n" + Self.emptyBlock }
    laterSuffixes = RoleHeaders(setup, roles: roles) { "\n<|im_start|>\($0)\n" + Self.emptyBlock }
    emptyBlockIDs = setup.encode(Self.emptyBlock)
  }

  // MARK: Writing

  func write(
    _ message: Message, in context: RenderContext, to out: inout TokenWriter
  ) throws(RenderingError) {
    let isAnswer = message.role == Role.assistant
    if disablesThinking, isAnswer, context.isLast, context.lastUserIndex < 0,
      !message.content.isEmpty
    {
      throw RenderingError(
        .conversation,
        """
        \(name) closes the reasoning behind the last user message, and this conversation has none; \
        add a user message or choose the renderer qwen3
        """, at: "content")
    }
    if isStrict, message.role == Role.tool, context.followsTool {
      out.framing("\n")
    } else {
      let headers = context.index > 0 ? laterHeaders : firstHeaders
      headers.write(message.role == Role.tool ? Role.user : message.role, to: &out)
    }

    // The official template keeps the reasoning of the turn that goes on.
    let isInTurn = isStrict && context.index > context.lastUserIndex
    let keepsThinking =
      context.isLast || !stripsHistory || (isInTurn && message.content.hasThinking)
    let frames = framesThinking && isAnswer && context.lastUserIndex >= 0 && keepsThinking
    let dropsThinking = isAnswer && !keepsThinking
    if message.role == Role.tool { out.framing("<tool_response>\n") }
    // Whether the body says something is asked before the empty block is put in front.
    var hasText = false
    switch message.content {
    case .text(let text):
      hasText = writeBody(text, frames: frames, to: &out)
    case .parts(let parts):
      hasText = writeBody(parts, frames: frames, dropsThinking: dropsThinking, to: &out)
    }
    if message.role == Role.tool { out.framing("\n</tool_response>") }
    if let calls = message.toolCalls {
      if hasText { out.toolCall("\n", isContent: false) }
      try QwenToolCalls.write(calls, keepsArguments: isStrict, to: &out)
    }
    out.endChunk(.literal)
    if isStrict, message.role == Role.tool, context.next?.role == Role.tool { return }
    out.append([end], kind: .stop)
  }

  /// Writes a string; whether there was anything to write.
  private func writeBody(_ text: String, frames: Bool, to out: inout TokenWriter) -> Bool {
    guard frames else {
      out.content(text)
      return !text.isEmpty
    }
    let hasThinking = ByteSearch.contains("<think>", in: text.utf8.span)
    if !hasThinking { out.framing(Self.emptyBlock) }
    guard let (reasoning, rest) = QwenThinking.inline(in: text) else {
      out.content(hasThinking ? text[...] : PythonText.stripNewlinesAtStart(text[...]))
      return !text.isEmpty
    }
    writeFramed(reasoning, to: &out)
    out.content(PythonText.stripNewlinesAtStart(rest))
    return true
  }

  /// Writes parts; whether there was anything to write.
  private func writeBody(
    _ parts: [ContentPart], frames: Bool, dropsThinking: Bool, to out: inout TokenWriter
  ) -> Bool {
    // An empty block stands in front of what has no reasoning; newlines behind it are dropped.
    var dropsNewlines = frames && !MessageContent.parts(parts).hasThinking
    let hasEmptyBlock = dropsNewlines
    if hasEmptyBlock { out.framing(Self.emptyBlock) }
    var hasText = false
    for part in parts {
      switch part {
      case .text(let text):
        hasText = hasText || !text.isEmpty
        let kept = dropsNewlines ? PythonText.stripNewlinesAtStart(text[...]) : text[...]
        out.content(kept)
        // Behind the empty block the body as a whole is stripped, behind a framed one only its
        // neighbour.
        dropsNewlines = hasEmptyBlock && dropsNewlines && kept.isEmpty
      case .thinking(let text):
        if dropsThinking { continue }
        hasText = true
        if frames {
          writeFramed(text[...], to: &out)
          dropsNewlines = true
        } else {
          out.framing("<think>")
          out.thinking(text)
          out.framing("</think>")
        }
      case .image, .other: continue
      }
    }
    return hasText
  }

  private func writeFramed(_ reasoning: Substring, to out: inout TokenWriter) {
    out.framing("<think>\n")
    out.thinking(PythonText.stripNewlines(reasoning))
    out.framing("\n</think>\n\n")
  }

  func writeGenerationSuffix(
    role: String, in context: RenderContext, to out: inout TokenWriter
  ) throws(RenderingError) {
    if disablesThinking {
      (context.index > 0 ? laterSuffixes : firstSuffixes).write(role, to: &out)
    } else {
      try write(Message(role: role, content: .text("")), in: context, to: &out)
    }
  }

  func exampleCuts(
    of messages: ArraySlice<Message>, trainOn: TrainOn
  ) throws(RenderingError) -> [ExampleCut] {
    // One example would train earlier answers without their reasoning.
    let losesReasoning =
      isStrict && stripsHistory
      && messages.contains { message in
        message.role == Role.assistant && message.content.asParts.contains(where: \.isThinking)
      }
    if hasExtensionProperty, !losesReasoning {
      return [ExampleCut(end: messages.count, trainOn: trainOn)]
    }
    return try turnCuts(of: messages, trainOn: trainOn)
  }

  func answerOpening(in context: RenderContext) -> [UInt32] {
    disablesThinking ? emptyBlockIDs : []
  }

  // MARK: Reading and other forms

  func message(from text: String) -> Message {
    QwenResponse.message(from: text, unframes: framesThinking)
  }

  func toolDeclaration(
    tools: [ToolSpec], systemPrompt: String
  ) throws(RenderingError) -> [Message] {
    QwenToolCalls.declaration(tools: tools, systemPrompt: systemPrompt)
  }

  func openAIMessage(_ message: Message) throws(RenderingError) -> JSONValue {
    try OpenAIForm.message(message, reasoning: .separate, renderer: name)
  }
}
