import Testing
import TinkerData
import TinkerRendering
import TinkerTokenizer

/// What segments say of the tokens, spelled as `kind(text)` with marks: `*` trained, `~` sampled,
/// `!` the caller's, `|` where a chunk begins.
@Suite struct SegmentTests {
  private func spelled(
    _ renderer: Renderer, _ messages: [Message], _ mode: TrainOn = .allAssistantMessages
  ) throws -> [String] {
    let example = try renderer.supervisedExample(for: messages, trainOn: mode)
    return spelled(example, renderer.tokenizer)
  }

  private func spelled(_ laidOut: some LaidOutTokens, _ tokenizer: Tokenizer) -> [String] {
    laidOut.segments.map { segment in
      let text = tokenizer.decode(Array(laidOut.tokens[segment.range]))
        .replacing("\n", with: "⏎")
      let marks =
        (segment.startsChunk ? "|" : "") + (segment.weight == 1 ? "*" : "")
        + (segment.isSampled ? "~" : "") + (segment.isContent ? "!" : "")
      return "\(segment.message.map(String.init) ?? "-") \(segment.kind.rawValue)(\(text))\(marks)"
    }
  }

  @Test func ofAReasoningTurnWithACall() throws {
    let renderer = try Fixture.renderer("qwen3", tokenizer: "tiny-qwen3")
    let messages: [Message] = [
      .user("Weather?"),
      Message(
        role: Role.assistant, content: .parts([.thinking("use it"), .text("Checking.")]),
        toolCalls: [ToolCall(name: "f", arguments: "{}")]),
    ]
    #expect(
      try spelled(renderer, messages) == [
        "0 header(<|im_start|>user⏎)|", "0 content(Weather?)|!", "0 stop(<|im_end|>)|",
        "1 header(⏎<|im_start|>assistant⏎)|", "1 framing(<think>⏎)|*~", "1 thinking(use it)*~!",
        "1 framing(⏎</think>⏎⏎)*~", "1 content(Checking.⏎)*~!",
        "1 tool_call(<tool_call>⏎)*~",
        "1 tool_call({\"name\": \"f\", \"arguments\": {}}⏎)*~!", "1 tool_call(</tool_call>)*~",
        "1 stop(<|im_end|>)|*~",
      ])
  }

  @Test func ofAPromptThatClosesTheReasoning() throws {
    let renderer = try Fixture.renderer("qwen3_disable_thinking", tokenizer: "tiny-qwen3")
    let messages: [Message] = [.user("a"), .assistant("b")]
    #expect(
      try spelled(renderer, messages, .lastAssistantMessage) == [
        "0 header(<|im_start|>user⏎)|", "0 content(a)|!", "0 stop(<|im_end|>)|",
        "1 header(⏎<|im_start|>assistant⏎)|", "1 framing(<think>⏎⏎</think>⏎⏎)|",
        "1 content(b)*~!", "1 stop(<|im_end|>)|*~",
      ])
    let prompt = try renderer.generationPrompt(for: [.user("a")], prefill: "So")
    #expect(
      spelled(prompt, renderer.tokenizer) == [
        "0 header(<|im_start|>user⏎)|", "0 content(a)|!", "0 stop(<|im_end|>)|",
        "1 header(⏎<|im_start|>assistant⏎<think>⏎⏎</think>⏎⏎)|", "1 prefill(So)|!",
      ])
  }

  @Test func ofOneCallWithContentAndStop() throws {
    let renderer = try Fixture.renderer("llama3", tokenizer: "tiny-llama3")
    #expect(
      try spelled(renderer, [.user("hé"), .assistant("")]) == [
        "- bos(<|begin_of_text|>)|", "0 header(<|start_header_id|>user<|end_header_id|>⏎⏎)|",
        "0 content(hé)|!", "0 stop(<|eot_id|>)",
        "1 header(<|start_header_id|>assistant<|end_header_id|>⏎⏎)|", "1 stop(<|eot_id|>)|*~",
      ])
  }

  @Test func ofTextThatTheNormalizerChanges() throws {
    // Decomposed text is composed, so that lengths of tokens do not tell where a piece begins.
    let renderer = try Fixture.renderer("qwen3", tokenizer: "tiny-qwen3")
    let segments = try spelled(
      renderer,
      [
        .user("q"),
        Message(role: Role.assistant, content: .parts([.thinking("e\u{301}"), .text("a")])),
      ])
    #expect(segments.contains("1 thinking(\u{E9})*~!"))
    #expect(segments.contains("1 content(a)*~!"))
  }

  @Test func ofARawStop() throws {
    let renderer = try Fixture.renderer("role_colon", tokenizer: "tiny-llama3")
    #expect(
      try spelled(renderer, [.user("a"), .assistant("b")]) == [
        "- bos(<|begin_of_text|>)|", "0 header(User:)|", "0 content( a)|!", "0 stop(⏎⏎)",
        "1 header(Assistant:)|", "1 content( b)|*~!", "1 stop(⏎⏎)*~", "1 stop(User:)|*~",
      ])
  }

  /// What continues a chunk that turned out empty begins it.
  @Test func ofAnEmptyChunkInAPrompt() throws {
    let renderer = try Fixture.renderer("deepseekv3_thinking", tokenizer: "tiny-deepseekv3")
    let reasoned = Message(role: Role.assistant, content: .parts([.thinking("x")]))
    let prompt = try renderer.generationPrompt(for: [.user("q"), reasoned, .user("z")])
    #expect(
      spelled(prompt, renderer.tokenizer) == [
        "- bos(<｜begin▁of▁sentence｜>)|", "0 header(<｜User｜>)|", "0 content(q)|!",
        "1 header(<｜Assistant｜></think>)|", "1 stop(<｜end▁of▁sentence｜>)|",
        "2 header(<｜User｜>)|", "2 content(z)|!", "3 header(<｜Assistant｜>)|",
        "3 prefill(<think>)|!",
      ])
  }

  @Test func ofImages() throws {
    let renderer = try Fixture.renderer("qwen3_vl", tokenizer: "tiny-qwen3")
    let png = Message(
      role: Role.user, content: .parts([.text("a"), .image(.bytes(Self.header)), .text("b")]))
    let example = try renderer.supervisedExample(
      for: [png, .assistant("c")], trainOn: .allMessages)
    let image = try #require(example.segments.first { $0.kind == .image })
    #expect(image.range.count == 64)
    #expect(image.weight == 1)
    #expect(example.tokens[image.range].allSatisfy { $0 == 0 })
    #expect(example.images.count == 1)
    #expect(example.modelInput.length == example.tokens.count)
    let without = try Renderer(
      named: "qwen3_vl", tokenizer: try Fixture.tokenizer("tiny-qwen3"))
    let error = Fixture.error { _ = try without.supervisedExample(for: [png, .assistant("c")]) }
    #expect(error?.path == "messages[0].content[1]")
    #expect(error?.kind == .conversation)
    let bad = Message(role: Role.user, content: .parts([.image(.bytes([1]))]))
    let broken = Fixture.error { _ = try renderer.generationPrompt(for: [bad]) }
    #expect(broken?.kindName == "image.truncated")
    #expect(broken?.path == "messages[0].content[0]")
  }

  /// The header of a PNG of 256 by 256 pixels.
  private static let header: [UInt8] =
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]
    + [0, 0, 1, 0, 0, 0, 1, 0, 8, 2, 0, 0, 0]
}
