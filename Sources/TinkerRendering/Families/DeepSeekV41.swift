import TinkerJSON
import TinkerTokenizer

/// The format of DeepSeek-V4.1: an effort line at the start, user turns that hold tool results, and
/// tool calls in DSML.
struct DeepSeekV41: ChatFamily {
  let name: String
  let beginning: [UInt32]
  let stopSequences: StopSequences
  let hasExtensionProperty: Bool

  private static let system = "<｜System｜>"

  /// What the model is told of its effort; `nil` in chat mode, which does not think.
  private let effortLine: String?
  private let stripsHistory: Bool
  private let end: UInt32
  private let opening: ReasoningOpening
  private let firstUser: [UInt32]
  private let user: [UInt32]
  private let thinkingAnswer: [UInt32]
  private let closedAnswer: [UInt32]

  init(budget: Int?, _ setup: FamilySetup) throws(RenderingError) {
    name = setup.name
    stripsHistory = setup.options.stripsThinkingFromHistory
    hasExtensionProperty = budget == nil || !stripsHistory
    effortLine = budget.map {
      "Reasoning Effort: \($0) (range 1-100, the higher the value, the more thorough the reasoning)\n\n"
    }
    beginning = setup.encode("<｜begin▁of▁sentence｜>")
    end = try setup.token("<｜end▁of▁sentence｜>")
    stopSequences = .tokens([end])
    opening = try ReasoningOpening("<think>", setup)
    let effort = effortLine.map { Self.system + $0 } ?? ""
    firstUser = setup.encode(effort + "<｜User｜>")
    user = setup.encode("<｜User｜>")
    thinkingAnswer = setup.encode("<｜Assistant｜><think>")
    closedAnswer = setup.encode("<｜Assistant｜></think>")
  }

  private var thinks: Bool { effortLine != nil }

  // MARK: Writing

  func normalized(
    _ messages: ArraySlice<Message>
  ) throws(RenderingError) -> NormalizedMessages {
    var normalized = NormalizedMessages(try DeepSeekV41Turns.shaped(messages))
    let declaresTools = messages.contains { $0.role == Role.toolDeclaration }
    if stripsHistory && !declaresTools {
      normalized.lastDroppedReasoning = DeepSeekV41Turns.lastUserTurn(in: normalized.messages)
    }
    return normalized
  }

  /// A later system message begins a turn too.
  func turnStart(in messages: ArraySlice<Message>) -> Int {
    let last = messages.indices.last {
      messages[$0].role == Role.user || (messages[$0].role == Role.system && $0 > 0)
    }
    return last.map { $0 + 1 } ?? 0
  }

  func write(
    _ message: Message, in context: RenderContext, to out: inout TokenWriter
  ) throws(RenderingError) {
    switch message.role {
    case Role.system: try writeSystem(message, in: context, to: &out)
    case Role.toolDeclaration: break  // The system message holds it.
    case Role.user, Role.tool:
      // The first message of a run carries the text of all.
      if let previous = context.previous, DeepSeekV41Turns.isUserTurn(previous) { return }
      let text = try message.content.onlyText()
      out.header(context.index == 0 ? firstUser : user)
      out.content(text)
      if !out.isChunkEmpty { out.endChunk() }
    case Role.assistant: try writeAnswer(message, in: context, to: &out)
    default: throw .unsupportedRole(message.role, renderer: name)
    }
  }

  /// Marker and text are encoded in one call; a token across their border belongs to the header.
  private func writeSystem(
    _ message: Message, in context: RenderContext, to out: inout TokenWriter
  ) throws(RenderingError) {
    let text = try message.content.onlyText()
    let prefix = Self.system + (context.index == 0 ? effortLine ?? "" : "")
    out.headerPiece(prefix)
    out.content(text)
    out.endChunk()
  }

  private func writeAnswer(
    _ message: Message, in context: RenderContext, to out: inout TokenWriter
  ) throws(RenderingError) {
    let keepsReasoning = thinks && context.index > context.lastDroppedReasoning
    let followsTurn =
      context.previous.map {
        DeepSeekV41Turns.isUserTurn($0) || ($0.role == Role.system && context.index > 1)
      } ?? false
    if followsTurn {
      out.header(keepsReasoning ? thinkingAnswer : closedAnswer)
    } else if context.index == 0, let effortLine {
      out.header(encoding: Self.system + effortLine)
    }
    let (reasoning, answer) = try DeepSeekV41Turns.split(message.content, renderer: name)
    if keepsReasoning {
      out.thinking(reasoning)
      out.framing("</think>")
    }
    out.content(answer)
    if let calls = message.toolCalls, !calls.isEmpty {
      for (index, call) in calls.enumerated() {
        do throws(RenderingError) {
          out.toolCall(
            index == 0 ? "\n\n\(DSML.callsOpen)\n" : "\n", isContent: false)
          try DSML.write(call, to: &out)
        } catch { throw error.inside("tool_calls[\(index)].function.arguments") }
      }
      out.toolCall("\n\(DSML.callsClose)", isContent: false)
    }
    let isEmpty = out.isChunkEmpty
    if !isEmpty { out.endChunk() }
    out.append([end], kind: .stop, startsChunk: isEmpty)
  }

  // MARK: Reading

  var responseOpening: [UInt32] { thinks ? opening.tokens : [] }

  func restored(_ tokens: [UInt32]) -> [UInt32] { thinks ? opening.restored(tokens) : tokens }

  func message(from text: String) -> Message { DSML.message(from: text) }

  // MARK: Other forms

  func toolDeclaration(
    tools: [ToolSpec], systemPrompt: String
  ) throws(RenderingError) -> [Message] {
    var messages: [Message] = systemPrompt.isEmpty ? [] : [.system(systemPrompt)]
    if !tools.isEmpty {
      let list = tools.map { JSONValue.object(["type": "function", "function": .object($0.json)]) }
      messages.append(
        Message(
          role: Role.toolDeclaration, content: .text(JSONValue.array(list).serialized())))
    }
    return messages
  }

  func openAIMessage(_ message: Message) throws(RenderingError) -> JSONValue {
    var plain = message
    if message.role == Role.assistant {
      let (reasoning, answer) = try DeepSeekV41Turns.split(message.content, renderer: name)
      plain.content =
        reasoning.isEmpty ? .text(answer) : .parts([.thinking(reasoning), .text(answer)])
    } else {
      plain.content = .text(try message.content.onlyText())
    }
    return try OpenAIForm.message(plain, reasoning: .separate, renderer: name) {
      (call) throws(RenderingError) in .object(DSML.arguments(of: call))
    }
  }
}
