import TinkerJSON
import TinkerTokenizer

/// The Harmony format of GPT-OSS, with or without OpenAI's system prompt.
struct GPTOSS: ChatFamily {
  let name: String
  let stopSequences: StopSequences
  let hasExtensionProperty = false
  let supportsStreaming = false

  /// A system message that is written as such; the caller's become developer messages.
  private static let internalSystem = "_gptoss_internal_system"

  private let systemPrompt: String?
  private let returnToken: UInt32
  private let callToken: UInt32
  private let headers: RoleHeaders

  /// Makes the family, with the system prompt of an effort or, for `nil`, with none. The options hold
  /// `current_date` where there is a system prompt.
  init(effort: String?, _ setup: FamilySetup) throws(RenderingError) {
    name = setup.name
    returnToken = try setup.token("<|return|>")
    callToken = try setup.token("<|call|>")
    stopSequences = .tokens([returnToken, callToken])
    headers = RoleHeaders(setup) { "<|start|>\($0)" }
    systemPrompt = effort.map { effort in
      """
      You are ChatGPT, a large language model trained by OpenAI.
      Knowledge cutoff: 2024-06
      Current date: \(setup.options[text: "current_date"])

      Reasoning: \(effort)

      # Valid channels: analysis, commentary, final. Channel must be included for every message.
      """
    }
  }

  // MARK: Writing

  func normalized(
    _ messages: ArraySlice<Message>
  ) throws(RenderingError) -> NormalizedMessages {
    guard let systemPrompt else { return NormalizedMessages(messages) }
    return .inserting(
      Message(role: Self.internalSystem, content: .text(systemPrompt)), before: messages)
  }

  func write(
    _ message: Message, in context: RenderContext, to out: inout TokenWriter
  ) throws(RenderingError) {
    switch message.role {
    case Role.assistant:
      headers.write(Role.assistant, to: &out)
      writeAnswer(message, in: context, to: &out)
    case Role.tool:
      let text = try message.content.onlyText()
      out.header(encoding: "<|start|>\(Self.functionName(of: message)) to=assistant")
      out.framing("<|channel|>commentary<|message|>")
      out.content(text)
      out.stop("<|end|>")
    case Role.system:
      let text = try message.content.onlyText()
      headers.write("developer", to: &out)
      out.framing("<|message|># Instructions\n\n")
      out.content(text)
      out.framing("\n\n")
      out.stop("<|end|>")
    default:
      let text = try message.content.onlyText()
      headers.write(message.role == Self.internalSystem ? Role.system : message.role, to: &out)
      out.framing("<|message|>")
      out.content(text)
      out.stop("<|end|>")
    }
    out.endChunk()
  }

  private func writeAnswer(_ message: Message, in context: RenderContext, to out: inout TokenWriter)
  {
    var thinking = ""
    if case .parts(let parts) = message.content {
      thinking = parts.reduce(into: "") { if case .thinking(let text) = $1 { $0 += text } }
    }
    if !thinking.isEmpty {
      out.framing("<|channel|>analysis<|message|>")
      out.thinking(thinking)
      out.framing("<|end|><|start|>assistant")
    }
    let text = message.content.joinedText
    guard let calls = message.toolCalls, !calls.isEmpty else {
      out.framing("<|channel|>final<|message|>")
      out.content(text)
      out.stop(context.isLast ? "<|return|>" : "<|end|>")
      return
    }
    if !text.isEmpty {
      out.framing("<|channel|>commentary<|message|>")
      out.content(text)
      out.framing("<|end|><|start|>assistant")
    }
    for (index, call) in calls.enumerated() {
      if index > 0 { out.framing("<|start|>assistant") }
      out.toolCall(" to=functions.", isContent: false)
      out.toolCall(call.name, isContent: true)
      out.toolCall("<|channel|>commentary <|constrain|>json<|message|>", isContent: false)
      out.toolCall(call.arguments, isContent: true)
      out.stop("<|call|>")
    }
  }

  private static func functionName(of message: Message) -> String {
    let name = message.name.flatMap { $0.isEmpty ? nil : $0 } ?? "unknown"
    return name.utf8.starts(with: "functions.".utf8) ? name : "functions.\(name)"
  }

  // MARK: Reading

  /// Cuts at the first stop token; each of the two may stand there once.
  func parse(
    _ tokens: [UInt32], finish: ParseFinish, tokenizer: Tokenizer
  ) throws(RenderingError) -> ParsedResponse {
    let places = [
      try StopSplit(tokens, at: returnToken, renderer: name),
      try StopSplit(tokens, at: callToken, renderer: name),
    ].compactMap { $0?.index }
    guard let place = places.min() else {
      let raw = Message(role: Role.assistant, content: .text(tokenizer.decode(tokens)))
      return ParsedResponse(message: raw, termination: .malformed)
    }
    let text = tokenizer.decode(Array(tokens[..<place]))
    return ParsedResponse(message: message(from: text), termination: .stopSequence)
  }

  func message(from text: String) -> Message { HarmonyResponse.message(from: text) }

  // MARK: Other forms

  func toolDeclaration(
    tools: [ToolSpec], systemPrompt: String
  ) throws(RenderingError) -> [Message] {
    var messages: [Message] = []
    var parts: [String] = []
    if !systemPrompt.isEmpty { parts.append("# Instructions\n\n\(systemPrompt)") }
    if !tools.isEmpty {
      let route = "Calls to these tools must go to the commentary channel: 'functions'."
      messages.append(Message(role: Self.internalSystem, content: .text(route)))
      parts.append(try HarmonyTools.text(for: tools))
    }
    if !parts.isEmpty {
      messages.append(
        Message(role: "developer", content: .text(parts.joined(separator: "\n\n"))))
    }
    return messages
  }

  func openAIMessage(_ message: Message) throws(RenderingError) -> JSONValue {
    try OpenAIForm.message(message, reasoning: .separate, renderer: name)
  }
}
