import Testing
import TinkerRendering
import TinkerTokenizer

@Suite struct ResponseParserTests {
  private func streamed(_ renderer: Renderer, _ tokens: [UInt32]) throws -> [MessageDelta] {
    var parser = try renderer.makeResponseParser()
    var out: [MessageDelta] = []
    for token in tokens { out += parser.feed(token) }
    return out + (try parser.finish())
  }

  @Test func arrivesAsTheWholeStreamDoes() throws {
    let renderer = try Fixture.renderer("qwen3", tokenizer: "tiny-qwen3")
    for text in [
      "<think>\nr 漢\n</think>\n\nans🙂<|im_end|>", "no tags<|im_end|>after", "", "<thi",
      "<|im_end|>",
      "a<think>b</think>c<think>", "almost <think", "<tool_call>{}</tool_call><|im_end|>",
    ] {
      let tokens = renderer.tokenizer.encode(text)
      #expect(try streamed(renderer, tokens) == renderer.stream(tokens), "\(text)")
    }
  }

  @Test func neverGivesOutHalfACharacter() throws {
    let renderer = try Fixture.renderer("qwen3", tokenizer: "tiny-qwen3")
    let tokens = renderer.tokenizer.encode("漢字🙂👩‍👩‍👧é<|im_end|>")
    let deltas = try streamed(renderer, tokens)
    let texts = deltas.compactMap { if case .text(let text, _) = $0 { text } else { nil } }
    #expect(texts.count > 1)
    #expect(texts.joined() == "漢字🙂👩‍👩‍👧é")
    #expect(texts.allSatisfy { !$0.unicodeScalars.contains("\u{FFFD}") })
  }

  @Test func takesTheFirstTextForReasoningWhereThePromptOpensIt() throws {
    let renderer = try Fixture.renderer("deepseekv3_thinking", tokenizer: "tiny-deepseekv3")
    let end = "<｜end▁of▁sentence｜>"
    for text in ["why</think>so\(end)", "<think>why</think>so\(end)"] {
      let deltas = try streamed(renderer, renderer.tokenizer.encode(text))
      let expected = Message(
        role: Role.assistant, content: .parts([.thinking("why"), .text("so")]))
      #expect(deltas.last == .message(expected))
      let thinking = deltas.compactMap {
        if case .thinking(let text, contentIndex: 1) = $0 { text } else { nil }
      }
      #expect(thinking.joined() == "why")
    }
    // Nothing closes the reasoning: the deltas were taken for reasoning, the message is as parsed.
    let open = try streamed(renderer, renderer.tokenizer.encode("why\(end)"))
    #expect(open.last == .message(.assistant("why")))
  }

  @Test func ignoresWhatFollowsTheEnd() throws {
    let renderer = try Fixture.renderer("qwen3", tokenizer: "tiny-qwen3")
    var parser = try renderer.makeResponseParser()
    for token in renderer.tokenizer.encode("a<|im_end|>") { _ = parser.feed(token) }
    #expect(renderer.tokenizer.encode("b<|im_end|>").allSatisfy { parser.feed($0).isEmpty })
    #expect(try parser.finish() == [.message(.assistant("a"))])
  }

  @Test func refusesTwoStopsInAWholeResponse() throws {
    let renderer = try Fixture.renderer("qwen3", tokenizer: "tiny-qwen3")
    let tokens = renderer.tokenizer.encode("a<|im_end|>b<|im_end|>")
    let error = Fixture.error { _ = try renderer.parse(tokens) }
    #expect(error?.kind == .response)
    #expect(error?.path == "tokens")
  }

  @Test func passesOverIDsThatNameNoToken() throws {
    let renderer = try Fixture.renderer("qwen3", tokenizer: "tiny-qwen3")
    let parsed = try renderer.parse([4_000_000_000, UInt32.max] + renderer.tokenizer.encode("a"))
    #expect(parsed.message == .assistant("a"))
    #expect(parsed.termination == .malformed)
    #expect(parsed.failure?.kind == .structural)
  }

  @Test func refusesStreamsOfFamiliesWithoutThem() throws {
    let renderer = try Fixture.renderer("llama3", tokenizer: "tiny-llama3")
    #expect(Fixture.error { _ = try renderer.makeResponseParser() }?.kind == .unsupported)
    #expect(Fixture.error { _ = try renderer.stream([1]) }?.kind == .unsupported)
  }

  @Test func cutsLongExcerpts() throws {
    let renderer = try Fixture.renderer("qwen3", tokenizer: "tiny-qwen3")
    let text = "<tool_call>" + String(repeating: "é", count: 20_000) + "<|im_end|>"
    let parsed = try renderer.parse(renderer.tokenizer.encode(text))
    #expect(parsed.message.unparsedToolCalls?.first?.rawText.unicodeScalars.count == 16_384)
    #expect(parsed.failure?.kind == .content)
  }
}
