import Testing
import TinkerJSON
import TinkerRendering
import TinkerTokenizer

/// Random responses: nothing traps, and what a stream gives agrees with itself.
@Suite struct ResponseFuzzTests {
  /// Texts that failed once, or that are likely to.
  static let corpus = [
    "<think>\nr\n</think>\n\na<tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n</tool_call>",
    "<tool_call>{\"name\": \"\u{1F642}\"", "</think></think><think>",
    "<think><think></think>x</think>",
    "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>f<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
    "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜><｜tool▁sep｜><｜tool▁calls▁end｜>  <｜tool▁calls▁begin｜>",
    " a\n\nUser:", "\n\n", "\u{FFFD}\u{FFFD}", "e\u{301}\r\n<think>\r\n</think>\r\n",
  ]

  private struct Random: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 33
    }
  }

  @Test(arguments: PropertyTests.setups)
  func randomTokensNeverTrap(_ setup: PropertyTests.Setup) throws {
    let renderer = try setup.renderer()
    let size = UInt32(renderer.tokenizer.vocabularySize)
    var random = Random(state: 3)
    for round in 0..<400 {
      var tokens = renderer.tokenizer.encode(Self.corpus[round % Self.corpus.count])
      for _ in 0..<Int.random(in: 0...6, using: &random) {
        // The last ids are the added tokens; ids past the end name none.
        let id =
          Bool.random(using: &random)
          ? UInt32.random(in: 0..<size + 3, using: &random)
          : UInt32.random(in: size - 30..<size, using: &random)
        tokens.insert(id, at: Int.random(in: 0...tokens.count, using: &random))
      }
      if Bool.random(using: &random), !tokens.isEmpty {
        tokens.removeSubrange(Int.random(in: 0..<tokens.count, using: &random)...)
      }
      if case .tokens(let stops) = renderer.stopSequences, Bool.random(using: &random) {
        tokens += stops.prefix(1)
      }
      check(renderer, tokens)
    }
  }

  private func check(_ renderer: Renderer, _ tokens: [UInt32]) {
    do throws(RenderingError) {
      let parsed = try renderer.parse(tokens)
      if parsed.message.role != Role.assistant { Issue.record("\(tokens) has another role") }
      _ = try renderer.openAIMessage(parsed.message)
    } catch {
      if error.kind != .response { Issue.record("\(tokens): \(error)") }
    }
    guard renderer.supportsStreaming, let deltas = try? renderer.stream(tokens) else { return }
    guard case .header? = deltas.first ?? nil else {
      if deltas.count > 1 { Issue.record("\(tokens): the stream has no header") }
      return
    }
    if case .message? = deltas.last { return }
    Issue.record("\(tokens): the stream has no message")
  }

  /// Work grows with the length, not with its square: these take minutes otherwise.
  @Test func longResponsesTakeLinearTime() throws {
    let qwen = try Fixture.renderer("qwen3", tokenizer: "tiny-qwen3")
    let deepSeek = try Fixture.renderer("deepseekv3", tokenizer: "tiny-deepseekv3")
    for piece in ["<think>", "<tool_call>", "</think>", "<", "é", "\n"] {
      let text = String(repeating: piece, count: 20_000)
      let tokens = qwen.tokenizer.encode(text)
      _ = try qwen.parse(tokens + qwen.tokenizer.encode("<|im_end|>"))
      _ = try qwen.stream(tokens)
    }
    for piece in [
      "<｜tool▁calls▁begin｜>", "<｜tool▁call▁begin｜>", "<｜tool▁call▁begin｜>f<｜tool▁sep｜>",
    ] {
      let text =
        "<｜tool▁calls▁begin｜>" + String(repeating: piece, count: 5000) + "<｜tool▁calls▁end｜>"
      _ = try deepSeek.parse(deepSeek.tokenizer.encode(text + "<｜end▁of▁sentence｜>"))
    }
  }

  @Test func deepNestingIsAnUnparsedCall() throws {
    let renderer = try Fixture.renderer("qwen3", tokenizer: "tiny-qwen3")
    let nested = String(repeating: "[", count: 10_000)
    let text = "<tool_call>{\"name\":\"f\",\"arguments\":{\"a\":\(nested)</tool_call><|im_end|>"
    let parsed = try renderer.parse(renderer.tokenizer.encode(text))
    #expect(parsed.message.unparsedToolCalls?.count == 1)
    #expect(parsed.failure?.kind == .content)
  }
}
