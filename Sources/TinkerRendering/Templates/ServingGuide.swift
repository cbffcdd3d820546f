import TinkerTokenizer
public import TinkerJSON

/// What a server must do so that it sees the tokens that were trained.
public struct ServingGuide: Sendable {
  /// The text that stands around what a role says.
  public struct Framing: Sendable, Hashable {
    /// Who speaks.
    public let role: String
    /// The text before.
    public let before: String
    /// The text behind.
    public let behind: String
  }

  /// What a scenario gives with a template and with the renderer.
  public struct Comparison: Sendable {
    /// What the conversation shows.
    public let scenario: String
    /// `nil` where both are equal, or both refuse.
    public let finding: RenderingDiff.Finding?
    /// Whether both refuse the conversation.
    public let isRefused: Bool
  }

  /// The renderer.
  public let renderer: Renderer
  /// The framing of each role, in the middle of a conversation.
  public let framings: [Framing]
  /// What asks for an answer.
  public let promptSuffix: String
  /// What the renderer is compared with, if there is something.
  public private(set) var template: String?
  /// What became of each scenario.
  public private(set) var comparisons: [Comparison] = []

  /// Reads what a renderer writes off a few conversations.
  public init(for renderer: Renderer) {
    self.renderer = renderer
    framings = [Role.system, Role.user, Role.assistant, Role.tool].compactMap { role in
      Self.framing(of: role, renderer)
    }
    let prompt = try? renderer.generationPrompt(for: [.user("Qu1")])
    let asked = prompt?.segments.filter { $0.message == 1 }.flatMap { segment in
      prompt?.tokens[segment.range] ?? []
    }
    promptSuffix = renderer.tokenizer.decode(asked ?? [])
  }

  /// The text around a message, without what belongs to its neighbours.
  private static func framing(of role: String, _ renderer: Renderer) -> Framing? {
    var messages = [Message(role: role, content: "Wh4t")]
    if role != Role.system { messages.insert(.user("Qu1"), at: 0) }
    messages.append(role == Role.assistant ? .user("N3xt") : .assistant("N3xt"))
    guard let example = try? renderer.supervisedExample(for: messages, trainOn: .allMessages)
    else { return nil }
    let index = role == Role.system ? 0 : 1
    var texts: [String] = []
    for segment in example.segments where segment.message == index {
      texts.append(renderer.tokenizer.decode(Array(example.tokens[segment.range])))
    }
    let text = texts.joined()
    guard let place = ByteSearch.first("Wh4t".utf8.span, in: text.utf8.span, from: 0) else {
      return nil
    }
    let bytes = Array(text.utf8)
    return Framing(
      role: role, before: String(decoding: bytes[..<place], as: UTF8.self),
      behind: String(decoding: bytes[(place + 4)...], as: UTF8.self))
  }

  /// The texts of the stop sequences.
  public var stops: [String] {
    switch renderer.stopSequences {
    case .tokens(let ids): ids.map { renderer.tokenizer.token(for: $0) ?? "\($0)" }
    case .strings(let texts): texts
    }
  }

  // MARK: Differences

  /// Compares the renderer with a model's own template over conversations that show one thing each.
  public mutating func compare(with other: Renderer) {
    template = other.name
    for (scenario, conversation) in Self.scenarios {
      var diff = RenderingDiff(left: renderer.name, right: other.name, keeps: 1)
      diff.add(scenario, Self.side(conversation, renderer), Self.side(conversation, other))
      comparisons.append(
        Comparison(
          scenario: scenario, finding: diff.findings.first, isRefused: diff.refusedByBoth > 0))
    }
  }

  /// What a renderer makes of a conversation: its prompt, where the last message is not an assistant's.
  private static func side(
    _ conversation: Conversation, _ renderer: Renderer
  ) -> Result<[[DiffToken]], RenderingError> {
    do throws(RenderingError) {
      let messages = try renderer.messages(of: conversation)
      let tokenizer = renderer.tokenizer
      if messages.last?.role == Role.assistant {
        let example = try renderer.supervisedExample(for: messages, trainOn: .lastAssistantMessage)
        return .success([DiffToken.tokens(of: example, tokenizer: tokenizer)])
      }
      let prompt = try renderer.generationPrompt(for: messages)
      return .success([DiffToken.tokens(of: prompt, tokenizer: tokenizer)])
    } catch { return .failure(error) }
  }

  private static let scenarios: [(String, Conversation)] = {
    let question = Message.user("What is 2+2?")
    let thought = Message(
      role: Role.assistant, content: .parts([.thinking("Two and two."), .text("It is 4.")]))
    let call = Message(
      role: Role.assistant, content: "",
      toolCalls: [
        ToolCall(id: "call00001", name: "add", arguments: "{\"a\": 2, \"b\": [2, \"é\"]}")
      ])
    let result = Message(
      role: Role.tool, content: "4", toolCallID: "call00001", name: "add")
    let tool = ToolSpec(
      name: "add", description: "Adds numbers.",
      parameters: ["type": "object", "properties": ["a": ["type": "integer"]]])
    let rows: [(String, [Message], [ToolSpec]?)] = [
      ("prompt", [question], nil),
      ("one turn", [question, .assistant("4")], nil),
      ("system message", [.system("Be brief."), question, .assistant("4")], nil),
      ("two turns", [question, .assistant("4"), .user("And 3+3?"), .assistant("6")], nil),
      ("white space at the ends", [.user("  Hi \n"), .assistant(" Yo\n")], nil),
      ("empty answer", [question, .assistant("")], nil),
      ("reasoning", [question, thought], nil),
      (
        "reasoning in an earlier turn", [question, thought, .user("Sure?"), .assistant("Yes.")], nil
      ),
      ("tool call", [question, call], nil),
      ("tool result", [question, call, result, .assistant("It is 4.")], nil),
      ("two tool results", [question, call, result, result, .assistant("It is 4.")], nil),
      ("declared tool", [.system("Be brief."), question, .assistant("4")], [tool]),
    ]
    return rows.map { ($0.0, Conversation(messages: $0.1, tools: $0.2)) }
  }()
}

/// Options of servers that fit a renderer.
extension ServingGuide {
  /// The parsers of vLLM 0.33 that read the format, and what a template must be given.
  public struct Flags: Sendable, Hashable {
    /// `--reasoning-parser`.
    public let reasoningParser: String?
    /// `--tool-call-parser`.
    public let toolParser: String?
    /// `chat_template_kwargs` of a request, or `--default-chat-template-kwargs`.
    public let templateArguments: JSONObject
  }

  /// The options for the renderer; `nil` where none are known.
  public var flags: Flags? {
    let name = renderer.name
    let disabled: JSONObject = renderer.disablesThinking ? ["enable_thinking": false] : [:]
    let rows: [(prefix: String, flags: Flags)] = [
      ("qwen3_instruct", Flags(nil, "hermes", [:])),
      ("qwen3_vl_instruct", Flags(nil, "hermes", [:])),
      ("qwen3_5", Flags("qwen3", "qwen3_coder", disabled)),
      ("qwen3_8", Flags("qwen3", "qwen3_coder", disabled)),
      ("qwen3", Flags("qwen3", "hermes", disabled)),
      ("llama3", Flags(nil, nil, [:])),
      ("deepseekv3_thinking", Flags("deepseek_v3", "deepseek_v31", ["thinking": true])),
      ("deepseekv3", Flags(nil, "deepseek_v31", ["thinking": false])),
      ("deepseekv4_1", Flags("deepseek_v41", "deepseek_v41", [:])),
      ("gpt_oss", Flags("openai_gptoss", "openai", [:])),
      ("kimi_k2", Flags("kimi_k2", "kimi_k2", [:])),
      ("glm5_3", Flags("glm47", "glm47", [:])),
      ("nemotron3", Flags("nemotron_v3", "qwen3_coder", disabled)),
    ]
    return rows.first { name.utf8.starts(with: $0.prefix.utf8) }?.flags
  }
}

extension ServingGuide.Flags {
  fileprivate init(_ reasoning: String?, _ tools: String?, _ arguments: JSONObject) {
    reasoningParser = reasoning
    toolParser = tools
    templateArguments = arguments
  }
}
