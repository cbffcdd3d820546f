import TinkerJSON
import TinkerTokenizer

/// The format of GLM-5.3. A turn ends with the role token of the next one, which the model samples; so
/// it belongs to the answer, and the next message goes without.
struct GLM53: ChatFamily {
  let name: String
  let beginning: [UInt32]
  let stopSequences: StopSequences
  let hasExtensionProperty: Bool

  private let stripsHistory: Bool
  private let system: UInt32
  private let user: UInt32
  private let assistant: [UInt32]
  private let observation: UInt32
  private let endOfText: UInt32
  private let opening: ReasoningOpening

  init(effort: String, _ setup: FamilySetup) throws(RenderingError) {
    name = setup.name
    stripsHistory = setup.options.stripsThinkingFromHistory
    hasExtensionProperty = !stripsHistory
    system = try setup.token("<|system|>")
    user = try setup.token("<|user|>")
    observation = try setup.token("<|observation|>")
    endOfText = try setup.token("<|endoftext|>")
    opening = try ReasoningOpening("<think>", setup)
    assistant = [try setup.token("<|assistant|>")] + opening.tokens
    beginning = setup.encode("[gMASK]<sop><|system|>Reasoning Effort: \(effort)")
    stopSequences = .tokens([user, observation, endOfText])
  }

  // MARK: Writing

  func normalized(
    _ messages: ArraySlice<Message>
  ) throws(RenderingError) -> NormalizedMessages {
    GLMToolOrder.sorted(messages)
  }

  func write(
    _ message: Message, in context: RenderContext, to out: inout TokenWriter
  ) throws(RenderingError) {
    switch message.role {
    case Role.system:
      let text = try visibleText(of: message.content)
      out.header([system])
      out.content(text)
    case Role.user:
      let text = try visibleText(of: message.content)
      if !isOpened(by: context.previous, message) { out.header([user]) }
      out.content(text)
    case Role.tool:
      let text = try visibleText(of: message.content)
      if !context.followsTool && !isOpened(by: context.previous, message) {
        out.header([observation])
      }
      out.framing("<tool_response>")
      out.content(text)
      out.framing("</tool_response>")
    case Role.assistant:
      try writeAnswer(message, in: context, to: &out)
      return
    default: throw .unsupportedRole(message.role, renderer: name)
    }
    if !out.isChunkEmpty { out.endChunk() }
  }

  private func writeAnswer(
    _ message: Message, in context: RenderContext, to out: inout TokenWriter
  ) throws(RenderingError) {
    let (reasoning, text) = try split(message.content)
    // Every prompt opens the reasoning, so the tag is never the model's.
    out.header(assistant)
    if let reasoning, !stripsHistory || context.index > context.lastUserIndex {
      out.thinking(reasoning)
    }
    out.framing("</think>")
    out.content(PythonText.strip(text))
    for (index, call) in (message.toolCalls ?? []).enumerated() {
      do throws(RenderingError) { try GLMToolCalls.write(call, to: &out) } catch {
        throw error.inside("tool_calls[\(index)]")
      }
    }
    out.endChunk()
    guard let end = ending(of: message, before: context.next) else { return }
    if context.isLast {
      out.stopOverlap([end])
    } else {
      out.append([end], kind: .stop, startsChunk: false)
    }
  }

  /// The role token that ends an answer, unless the next message does not begin with it.
  private func ending(of message: Message, before next: Message?) -> UInt32? {
    let expected = message.hasToolCalls ? observation : user
    switch next?.role {
    case nil: return expected
    case Role.user: return expected == user ? expected : nil
    case Role.tool: return expected == observation ? expected : nil
    default: return nil
    }
  }

  /// Whether the answer before has written the role token of a message.
  private func isOpened(by previous: Message?, _ message: Message) -> Bool {
    guard let previous, previous.role == Role.assistant else { return false }
    return ending(of: previous, before: message) != nil
  }

  private func visibleText(of content: MessageContent) throws(RenderingError) -> String {
    guard case .parts(let parts) = content else { return content.joinedText }
    for (index, part) in parts.enumerated() where !part.isText {
      throw .unsupportedPart(part, at: index, renderer: name)
    }
    return content.joinedText
  }

  /// Reasoning and text of an answer. In a string the reasoning ends at the first `</think>`, and the
  /// text begins behind the last.
  private func split(
    _ content: MessageContent
  ) throws(RenderingError) -> (reasoning: Substring?, text: Substring) {
    switch content {
    case .text(let text):
      guard let inline = QwenThinking.inline(in: text) else { return (nil, text[...]) }
      var rest = inline.rest
      while let next = QwenThinking.inline(in: String(rest)) { rest = Substring(String(next.rest)) }
      return (inline.reasoning, rest)
    case .parts(let parts):
      for (index, part) in parts.enumerated() where !part.isText && !part.isThinking {
        throw .unsupportedPart(part, at: index, renderer: name)
      }
      let reasoning = parts.reduce(into: "") { if case .thinking(let text) = $1 { $0 += text } }
      return (
        parts.contains(where: \.isThinking) ? reasoning[...] : nil, content.joinedText[...]
      )
    }
  }

  func writeGenerationSuffix(
    role: String, in context: RenderContext, to out: inout TokenWriter
  ) throws(RenderingError) {
    switch role {
    case Role.system: out.header([system])
    case Role.user: out.header([user])
    case Role.assistant: out.header(assistant)
    case Role.tool: out.header([observation])
    default: throw .unsupportedRole(role, renderer: name)
    }
  }

  // MARK: Reading

  var responseOpening: [UInt32] { opening.tokens }

  func restored(_ tokens: [UInt32]) -> [UInt32] { opening.restored(tokens) }

  func parse(
    _ tokens: [UInt32], finish: ParseFinish, tokenizer: Tokenizer
  ) throws(RenderingError) -> ParsedResponse {
    let tokens = restored(tokens)
    let stops = tokens.indices.filter { [user, observation, endOfText].contains(tokens[$0]) }
    guard stops.count < 2 else { throw .severalStops(stops.count, renderer: name) }
    let text = tokenizer.decode(stops.first.map { Array(tokens[..<$0]) } ?? tokens)
    guard let stop = stops.first else {
      let raw = Message(role: Role.assistant, content: .text(text))
      return ParsedResponse(
        message: finish == .whole ? raw : message(from: text), termination: .malformed)
    }
    return ParsedResponse(
      message: message(from: text),
      termination: tokens[stop] == endOfText ? .eos : .stopSequence)
  }

  func message(from text: String) -> Message { GLMToolCalls.message(from: text) }

  // MARK: Other forms

  func toolDeclaration(
    tools: [ToolSpec], systemPrompt: String
  ) throws(RenderingError) -> [Message] {
    var messages: [Message] = []
    if !tools.isEmpty { messages.append(.system(GLMToolCalls.declaration(of: tools))) }
    if !systemPrompt.isEmpty { messages.append(.system(systemPrompt)) }
    return messages
  }

  func openAIMessage(_ message: Message) throws(RenderingError) -> JSONValue {
    if case .parts(let parts) = message.content {
      for (index, part) in parts.enumerated() where !part.isText && !part.isThinking {
        throw .unsupportedPart(part, at: index, renderer: name)
      }
    }
    return try OpenAIForm.message(message, reasoning: .separate, renderer: name) {
      (call) throws(RenderingError) in
      try call.arguments.isEmpty ? [:] : OpenAIForm.parsedArguments(call)
    }
  }
}
