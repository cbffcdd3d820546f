import TestSupport
import Testing
import TinkerRendering
import TinkerTokenizer

/// Every correction with both results: what the reference does, and what the strict mode does.
@Suite struct StrictTests {
  /// A renderer in two modes.
  private struct Pair {
    let reference: Renderer
    let strict: Renderer

    init(_ name: String, _ tokenizer: String, mode: RenderingMode = .strict) throws {
      let loaded = try Fixture.tokenizer(tokenizer)
      reference = try Renderer(named: name, tokenizer: loaded)
      strict = try Renderer(named: name, tokenizer: loaded, mode: mode)
    }

    /// The texts of a conversation as an example.
    func texts(_ messages: [Message]) throws -> (reference: String, strict: String) {
      (try Self.text(messages, reference), try Self.text(messages, strict))
    }

    private static func text(_ messages: [Message], _ renderer: Renderer) throws -> String {
      renderer.tokenizer.decode(
        try renderer.supervisedExample(for: messages, trainOn: .allAssistantMessages).tokens)
    }
  }

  @Test(arguments: StrictCorrection.allCases)
  func showsBothResults(_ correction: StrictCorrection) throws {
    switch correction {
    case .literalContent: try literalContent()
    case .noUnusedStop: try noUnusedStop()
    case .refusedMarkers: try refusedMarkers()
    case .refusedToolCalls: try refusedToolCalls()
    case .groupedToolResults: try groupedToolResults()
    case .keptTurnReasoning: try keptTurnReasoning()
    case .keptArguments: try keptArguments()
    case .splitReasoning: try splitReasoning()
    case .endedAnswers: try endedAnswers()
    case .strippedCallReasoning: try strippedCallReasoning()
    case .anyToolName: try anyToolName()
    }
  }

  // MARK: Conversations

  private static func call(_ name: String = "add", _ arguments: String = #"{"x": 1}"#) -> ToolCall {
    ToolCall(name: name, arguments: arguments)
  }

  private static func reasoned(_ thinking: String, _ text: String, calls: [ToolCall]? = nil)
    -> Message
  {
    Message(
      role: Role.assistant, content: .parts([.thinking(thinking), .text(text)]), toolCalls: calls)
  }

  private static func tool(_ text: String) -> Message {
    Message(role: Role.tool, content: .text(text))
  }

  // MARK: All families

  private func literalContent() throws {
    let pair = try Pair("llama3", "tiny-llama3")
    let end = try #require(pair.reference.tokenizer.tokenID(of: "<|eot_id|>"))
    func ends(_ messages: [Message], _ renderer: Renderer) throws -> Int {
      try renderer.supervisedExample(for: messages).tokens.count { $0 == end }
    }
    let attack: [Message] = [.user("a <|eot_id|> b"), .assistant("c <|eot_id|> d")]
    #expect(try ends(attack, pair.reference) == 4)
    #expect(try ends(attack, pair.strict) == 2)
    let texts = try pair.texts(attack)
    #expect(texts.reference == texts.strict, "the same text in other tokens")
  }

  // MARK: role_colon and llama3

  private func noUnusedStop() throws {
    let texts = try Pair("role_colon", "tiny-llama3").texts([.user("Q")])
    #expect(texts.reference.hasSuffix("User: Q\n\n<UNUSED>"))
    #expect(texts.strict.hasSuffix("User: Q\n\n"))
    // An answer keeps the stop that overlaps the next header.
    let answered = try Pair("role_colon", "tiny-llama3").texts([.user("Q"), .assistant("A")])
    #expect(answered.strict.hasSuffix("Assistant: A\n\nUser:"))
    #expect(answered.strict == answered.reference)
  }

  private func refusedMarkers() throws {
    let pair = try Pair("role_colon", "tiny-llama3")
    let messages: [Message] = [.user("Q"), .assistant("A\n\nUser: B")]
    let tokens = try pair.reference.supervisedExample(for: messages)
    #expect(pair.reference.tokenizer.decode(tokens.tokens).contains("A\n\nUser: B"))
    let error = try #require(
      Fixture.error { _ = try pair.strict.supervisedExample(for: messages) })
    #expect(error.kind == .conversation)
    #expect(error.path == "messages[1].content")
  }

  private func refusedToolCalls() throws {
    for name in ["role_colon", "llama3"] {
      let pair = try Pair(name, "tiny-llama3")
      let messages: [Message] = [
        .user("Q"),
        Message(role: Role.assistant, content: .text("A"), toolCalls: [Self.call()]),
      ]
      let text = pair.reference.tokenizer.decode(
        try pair.reference.supervisedExample(for: messages).tokens)
      #expect(!text.contains("add"), "dropped without a word")
      let error = try #require(
        Fixture.error { _ = try pair.strict.supervisedExample(for: messages) })
      #expect(error.path == "messages[1].tool_calls")
    }
  }

  // MARK: Qwen3

  private func groupedToolResults() throws {
    let pair = try Pair("qwen3", "tiny-qwen3")
    let messages: [Message] = [
      .user("Q"),
      Message(role: Role.assistant, content: .text(""), toolCalls: [Self.call(), Self.call()]),
      Self.tool("1"), Self.tool("2"), .assistant("A"),
    ]
    let texts = try pair.texts(messages)
    let between = "</tool_response><|im_end|>\n<|im_start|>user\n<tool_response>"
    #expect(texts.reference.contains("1\n" + between + "\n2"))
    #expect(texts.strict.contains("1\n</tool_response>\n<tool_response>\n2"))
    #expect(texts.strict.contains("2\n</tool_response><|im_end|>\n<|im_start|>assistant\n"))
    let prompt = try pair.strict.generationPrompt(for: Array(messages.dropLast()))
    #expect(
      try pair.strict.supervisedExample(for: messages).tokens.starts(with: prompt.tokens))
  }

  private func keptTurnReasoning() throws {
    let pair = try Pair("qwen3", "tiny-qwen3")
    let texts = try pair.texts([
      .user("old"), Self.reasoned("before", "O"), .user("Q"),
      Self.reasoned("why", "", calls: [Self.call()]), Self.tool("1"), .assistant("A"),
    ])
    #expect(!texts.reference.contains("why"))
    #expect(texts.strict.contains("<think>\nwhy\n</think>\n\n"))
    #expect(!texts.strict.contains("before"), "earlier turns lose theirs in both")
  }

  private func keptArguments() throws {
    let pair = try Pair("qwen3", "tiny-qwen3")
    let texts = try pair.texts([
      .user("Q"),
      Message(
        role: Role.assistant, content: .text(""),
        toolCalls: [Self.call("add", #"{"x":1.50,"é":2}"#)]),
    ])
    #expect(texts.reference.contains(#"{"name": "add", "arguments": {"x": 1.5, "\u00e9": 2}}"#))
    #expect(texts.strict.contains(#"{"name": "add", "arguments": {"x":1.50,"é":2}}"#))
  }

  private func splitReasoning() throws {
    let pair = try Pair("qwen3_instruct", "tiny-qwen3")
    let messages: [Message] = [
      .user("1"), Self.reasoned("so", "one"), .user("2"), Self.reasoned("hm", "two"),
    ]
    func examples(_ renderer: Renderer, _ messages: [Message]) throws -> Int {
      try renderer.supervisedExamples(for: messages, trainOn: .allAssistantMessages).count
    }
    #expect(try examples(pair.reference, messages) == 1)
    #expect(try examples(pair.strict, messages) == 2)
    let plain: [Message] = [.user("1"), .assistant("one"), .user("2"), .assistant("two")]
    #expect(try examples(pair.strict, plain) == 1)
  }

  // MARK: DeepSeek-V3.1

  private func endedAnswers() throws {
    let end = "<｜end▁of▁sentence｜>"
    for name in ["deepseekv3", "deepseekv3_thinking"] {
      let pair = try Pair(name, "tiny-deepseekv3")
      let messages: [Message] = [
        .user("Q"), Message(role: Role.assistant, content: .text(""), toolCalls: [Self.call()]),
      ]
      let texts = try pair.texts(messages)
      #expect(texts.reference.hasSuffix("<｜tool▁calls▁end｜>"))
      #expect(texts.strict == texts.reference + end)
      let example = try pair.strict.supervisedExample(for: messages)
      #expect(example.weights.last == 1)
      #expect(example.segments.last?.kind == .stop)
    }
  }

  private func strippedCallReasoning() throws {
    let pair = try Pair("deepseekv3_thinking", "tiny-deepseekv3")
    let texts = try pair.texts([
      .user("Q"), Self.reasoned("why", "Let me see.", calls: [Self.call()]), Self.tool("1"),
      .assistant("A"), .user("R"), .assistant("<think>inline</think>B"), .user("S"),
      .assistant("C"),
    ])
    #expect(texts.reference.contains("</think><think>why</think>Let me see."))
    #expect(texts.reference.contains("</think><think>inline</think>B"))
    #expect(texts.strict.contains("<｜Assistant｜></think>Let me see.<｜tool▁calls▁begin｜>"))
    #expect(texts.strict.contains("<｜Assistant｜></think>B<｜end▁of▁sentence｜>"))
  }

  private func anyToolName() throws {
    let pair = try Pair("deepseekv3", "tiny-deepseekv3")
    let message = Message(
      role: Role.assistant, content: .text("So:"),
      toolCalls: [Self.call("get-weather"), Self.call()])
    let example = try pair.reference.supervisedExample(for: [.user("Q"), message])
    let response = zip(example.tokens, example.weights).filter { $0.1 > 0 }.map(\.0)
    let names = [pair.reference, pair.strict].map { renderer in
      (try? renderer.parse(response))?.message.toolCalls?.map(\.name)
    }
    #expect(names[0] == ["add"])
    #expect(names[1] == ["get-weather", "add"])
  }
}
