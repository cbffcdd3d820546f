import TinkerJSON
import TinkerTokenizer

/// The formats of Kimi K2, K2.5 and K2.6.
struct KimiK2: ChatFamily {
  /// What the prompt says of thinking.
  enum Opening: String {
    /// Nothing (K2).
    case silent = ""
    /// It opens the reasoning (K2.5 and later).
    case open = "<think>"
    /// It closes an empty block.
    case closed = "<think></think>"
  }

  let name: String
  let stopSequences: StopSequences
  let hasExtensionProperty = false
  let disablesThinking: Bool

  private static let defaultPrompt = "You are Kimi, an AI assistant created by Moonshot AI."

  private let opening: Opening
  private let openingTokens: [UInt32]
  private let reasoning: ReasoningOpening
  private let stripsHistory: Bool
  private let user: [UInt32]
  private let assistant: [UInt32]
  private let end: UInt32

  init(_ opening: Opening, _ setup: FamilySetup) throws(RenderingError) {
    name = setup.name
    self.opening = opening
    disablesThinking = opening == .closed
    stripsHistory = setup.options.stripsThinkingFromHistory
    end = try setup.token("<|im_end|>")
    stopSequences = .tokens([end])
    user = setup.encode("<|im_user|>user<|im_middle|>")
    assistant = setup.encode("<|im_assistant|>assistant<|im_middle|>")
    openingTokens = setup.encode(opening.rawValue)
    reasoning = try ReasoningOpening("<think>", setup)
  }

  /// K2.5 and later: images, TypeScript declarations, and a prompt that speaks of thinking.
  private var isLater: Bool { opening != .silent }

  // MARK: Writing

  /// A default system message, behind a declaration of tools, where there is none.
  func normalized(
    _ messages: ArraySlice<Message>
  ) throws(RenderingError) -> NormalizedMessages {
    let prompt = Message.system(Self.defaultPrompt)
    guard let first = messages.first else { return .inserting(prompt, before: messages) }
    if first.role == Role.system { return NormalizedMessages(messages) }
    guard first.role == Role.toolDeclaration else {
      return .inserting(prompt, before: messages)
    }
    if messages.count > 1, messages[1].role == Role.system { return NormalizedMessages(messages) }
    return .inserting(prompt, before: messages, at: 1)
  }

  /// Behind the last answer without tool calls: the exchange with tools belongs to one turn.
  func turnStart(in messages: ArraySlice<Message>) -> Int {
    let last = messages.lastIndex { $0.role == Role.assistant && !$0.hasToolCalls }
    return last.map { $0 + 1 } ?? 0
  }

  func write(
    _ message: Message, in context: RenderContext, to out: inout TokenWriter
  ) throws(RenderingError) {
    writeHeader(of: message, to: &out)
    if message.role == Role.assistant {
      writeAnswer(message, in: context, to: &out)
      return
    }
    switch message.content {
    case .text(let text): writeText(text, to: &out)
    case .parts(let parts):
      if parts.count == 1, case .text(let text) = parts[0] {
        writeText(text, to: &out)
      } else {
        try writeParts(parts, to: &out)
      }
    }
  }

  private func writeHeader(of message: Message, to out: inout TokenWriter) {
    switch message.role {
    case Role.user: out.header(user)
    case Role.assistant: out.header(assistant)
    case Role.tool:
      let name = message.name.flatMap { $0.isEmpty ? nil : $0 } ?? Role.tool
      out.header(
        encoding: "<|im_system|>\(name)<|im_middle|>## Return of \(message.toolCallID ?? "")\n")
    default: out.header(encoding: "<|im_system|>\(message.role)<|im_middle|>")
    }
  }

  private func writeText(_ text: String, to out: inout TokenWriter) {
    out.content(text)
    out.stop("<|im_end|>")
    out.endChunk()
  }

  private func writeParts(
    _ parts: [ContentPart], to out: inout TokenWriter
  ) throws(RenderingError) {
    if !isLater {
      throw RenderingError(
        .unsupported, "\(name) takes text, and the content is a list of \(parts.count) parts",
        at: "content")
    }
    for (index, part) in parts.enumerated() {
      switch part {
      case .text(let text): out.content(text)
      case .image(let source):
        try out.image(
          source, part: index, between: "<|media_begin|>image<|media_content|>",
          and: "<|media_end|>\n")
      case .thinking, .other: throw .unsupportedPart(part, at: index, renderer: name)
      }
      out.endChunk()
    }
    out.append([end], kind: .stop)
  }

  private func writeAnswer(_ message: Message, in context: RenderContext, to out: inout TokenWriter)
  {
    var thinking = ""
    if case .parts(let parts) = message.content {
      thinking = parts.reduce(into: "") { if case .thinking(let text) = $1 { $0 += text } }
    }
    out.framing("<think>")
    if context.isInLastAssistantTurn || !stripsHistory { out.thinking(thinking) }
    out.framing("</think>")
    out.content(message.content.joinedText)
    if let calls = message.toolCalls, !calls.isEmpty {
      out.toolCall("<|tool_calls_section_begin|>", isContent: false)
      for (index, call) in calls.enumerated() {
        let id = call.id.flatMap { $0.isEmpty ? nil : $0 } ?? "functions.\(call.name):\(index)"
        out.toolCall("<|tool_call_begin|>", isContent: false)
        out.toolCall(id, isContent: true)
        out.toolCall("<|tool_call_argument_begin|>", isContent: false)
        out.toolCall(call.arguments, isContent: true)
        out.toolCall("<|tool_call_end|>", isContent: false)
      }
      out.toolCall("<|tool_calls_section_end|>", isContent: false)
    }
    out.stop("<|im_end|>")
    out.endChunk()
  }

  func prefill(_ given: String?, after messages: ArraySlice<Message>) -> String? {
    isLater ? opening.rawValue + (given ?? "") : given
  }

  func answerOpening(in context: RenderContext) -> [UInt32] { openingTokens }

  /// One example for each user message, and one at the end, unless only the last turn is trained.
  func exampleCuts(
    of messages: ArraySlice<Message>, trainOn: TrainOn
  ) throws(RenderingError) -> [ExampleCut] {
    if trainOn == .lastAssistantMessage || trainOn == .lastAssistantTurn {
      return [ExampleCut(end: messages.count, trainOn: trainOn)]
    }
    let users = messages.indices.filter { messages[$0].role == Role.user }
    let mode = trainOn == .allAssistantMessages ? .lastAssistantTurn : trainOn
    return (users.dropFirst() + [messages.count]).map { ExampleCut(end: $0, trainOn: mode) }
  }

  // MARK: Reading

  var responseOpening: [UInt32] { opening == .open ? openingTokens : [] }

  func restored(_ tokens: [UInt32]) -> [UInt32] { isLater ? reasoning.restored(tokens) : tokens }

  func message(from text: String) -> Message { KimiResponse.message(from: text) }

  // MARK: Other forms

  func toolDeclaration(
    tools: [ToolSpec], systemPrompt: String
  ) throws(RenderingError) -> [Message] {
    let system = Message.system(systemPrompt.isEmpty ? Self.defaultPrompt : systemPrompt)
    if tools.isEmpty { return [system] }
    let text: String
    if isLater {
      text = try KimiTools.text(for: tools)
    } else {
      let list = tools.map { JSONValue.object(["type": "function", "function": .object($0.json)]) }
      text = JSONValue.array(list).serialized(JSONStyle(hasSpaces: false, sortsKeys: true))
    }
    return [Message(role: Role.toolDeclaration, content: .text(text)), system]
  }

  func openAIMessage(_ message: Message) throws(RenderingError) -> JSONValue {
    try OpenAIForm.message(message, reasoning: .separate, renderer: name)
  }
}
