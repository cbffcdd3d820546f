import TinkerJSON

/// The formats of DeepSeek-V3.1, with and without thinking.
struct DeepSeekV3: ChatFamily {
  let name: String
  let beginning: [UInt32]
  let stopSequences: StopSequences
  let hasExtensionProperty: Bool

  private let isStrict: Bool
  private let thinks: Bool
  private let stripsHistory: Bool
  private let systemAsUser: Bool
  private let end: UInt32
  private let user: [UInt32]
  private let assistant: [UInt32]
  private let assistantClosed: [UInt32]
  private let toolOutput: [UInt32]
  private let opening: ReasoningOpening
  private let emptyBlock: [UInt32]

  init(thinks: Bool, _ setup: FamilySetup) throws(RenderingError) {
    name = setup.name
    self.thinks = thinks
    isStrict = setup.isStrict
    stripsHistory = setup.options.stripsThinkingFromHistory
    systemAsUser = setup.options[bool: "system_role_as_user"]
    hasExtensionProperty = !thinks || !stripsHistory
    beginning = [try setup.token("<｜begin▁of▁sentence｜>")]
    end = try setup.token("<｜end▁of▁sentence｜>")
    stopSequences = .tokens([end])
    opening = try ReasoningOpening("<think>", setup)
    emptyBlock = setup.encode("<think></think>")
    user = [try setup.token("<｜User｜>")]
    assistant = [try setup.token("<｜Assistant｜>")]
    assistantClosed = assistant + setup.encode("</think>")
    toolOutput = setup.encode("<｜tool▁output▁begin｜>")
  }

  // MARK: Writing

  func write(
    _ message: Message, in context: RenderContext, to out: inout TokenWriter
  ) throws(RenderingError) {
    switch message.role {
    case Role.assistant: writeAnswer(message, in: context, to: &out)
    case Role.system where context.index == 0:
      out.content(try message.content.onlyText())
      writeCalls(message, to: &out)
      out.endChunk()
    case Role.system where !systemAsUser:
      throw RenderingError(
        .conversation,
        """
        \(name) takes a system message only at the start; set system_role_as_user=true to write it \
        as a user message
        """, at: "role")
    case Role.user, Role.system:
      let text = try message.content.onlyText()
      out.header(user)
      out.content(text)
      writeCalls(message, to: &out)
      out.endChunk()
    case Role.tool:
      let text = try message.content.onlyText()
      out.header(toolOutput)
      out.content(text)
      out.framing("<｜tool▁output▁end｜>")
      writeCalls(message, to: &out)
      out.endChunk()
    default: throw .unsupportedRole(message.role, renderer: name)
    }
  }

  private func writeAnswer(_ message: Message, in context: RenderContext, to out: inout TokenWriter)
  {
    let losesThinking = isStrict && stripsHistory && !context.isLast
    let keepsBlocks = (thinks && !losesThinking) || context.followsTool
    let content = keepsBlocks ? message.content : .text(Self.visibleText(of: message.content))
    if !context.followsTool {
      let isClosed = !thinks || (stripsHistory && !context.isLast)
      out.header(isClosed ? assistantClosed : assistant)
    }
    var continues = false
    if thinks && !context.followsTool && context.isLast && !content.isEmpty && !content.hasThinking
    {
      out.append(emptyBlock, kind: .framing)
      continues = true
    }
    let dropsThinking = stripsHistory && !message.hasToolCalls && !context.isLast
    for part in content.asParts {
      switch part {
      case .text(let text): out.content(text)
      case .thinking(let text):
        if dropsThinking { continue }
        out.framing("<think>")
        out.thinking(text)
        out.framing("</think>")
      case .image, .other: continue
      }
    }
    writeCalls(message, to: &out)
    out.endChunk(continuing: continues)
    // Empty content gets no end marker in the reference, also before tool calls.
    if !content.isEmpty || isStrict { out.append([end], kind: .stop, startsChunk: false) }
  }

  private func writeCalls(_ message: Message, to out: inout TokenWriter) {
    guard let calls = message.toolCalls, !calls.isEmpty else { return }
    out.toolCall("<｜tool▁calls▁begin｜>", isContent: false)
    for call in calls {
      out.toolCall("<｜tool▁call▁begin｜>", isContent: false)
      out.toolCall(call.name, isContent: true)
      out.toolCall("<｜tool▁sep｜>", isContent: false)
      out.toolCall(call.arguments, isContent: true)
      out.toolCall("<｜tool▁call▁end｜>", isContent: false)
    }
    out.toolCall("<｜tool▁calls▁end｜>", isContent: false)
  }

  /// The content without its reasoning: the text parts, or a string without its closed blocks.
  private static func visibleText(of content: MessageContent) -> String {
    guard case .text(let text) = content else { return content.joinedText }
    let span = text.utf8.span
    let open = "<think>"
    let close = "</think>"
    var out: [UInt8] = []
    var place = 0
    while let start = ByteSearch.first(open.utf8.span, in: span, from: place),
      let end = ByteSearch.first(close.utf8.span, in: span, from: start + open.utf8.count)
    {
      for index in place..<start { out.append(span[index]) }
      place = end + close.utf8.count
    }
    if place == 0 { return text }
    for index in place..<span.count { out.append(span[index]) }
    return String(decoding: out, as: UTF8.self)
  }

  func prefill(_ given: String?, after messages: ArraySlice<Message>) -> String? {
    if !thinks || messages.last?.role == Role.tool { return given }
    return "<think>" + (given ?? "")
  }

  func answerOpening(in context: RenderContext) -> [UInt32] {
    thinks && !context.followsTool ? opening.tokens : []
  }

  // MARK: Reading

  var responseOpening: [UInt32] { thinks ? opening.tokens : [] }

  func restored(_ tokens: [UInt32]) -> [UInt32] { thinks ? opening.restored(tokens) : tokens }

  func message(from text: String) -> Message {
    DeepSeekV3Response.message(from: text, takesAnyName: isStrict)
  }

  // MARK: Other forms

  func toolDeclaration(
    tools: [ToolSpec], systemPrompt: String
  ) throws(RenderingError) -> [Message] {
    [.system(systemPrompt + DeepSeekV3Response.declaration(of: tools))]
  }

  func openAIMessage(_ message: Message) throws(RenderingError) -> JSONValue {
    try OpenAIForm.message(message, reasoning: .separate, renderer: name)
  }
}
