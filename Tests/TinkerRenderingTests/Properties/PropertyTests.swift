import TinkerData
import Testing
import TinkerRendering
import TinkerTokenizer

/// What holds for every conversation that a renderer accepts, over generated ones.
@Suite struct PropertyTests {
  /// A renderer, its tokenizer and its options.
  struct Setup: CustomTestStringConvertible, Sendable {
    let label: String
    let name: String
    let tokenizer: String
    var options = RendererOptions()
    var testDescription: String { label }

    init(_ name: String, _ tokenizer: String, keepsThinking: Bool = false, date: String? = nil) {
      self.name = name
      self.tokenizer = tokenizer
      options["current_date"] = date
      label = keepsThinking ? name + ".keep_thinking" : name
      if keepsThinking { options["strip_thinking_from_history"] = "false" }
    }

    func renderer() throws -> Renderer {
      try Fixture.renderer(name, tokenizer: tokenizer, options: options)
    }
  }

  /// The families whose promises `KnownException` knows.
  static let firstFamilies = [
    Setup("role_colon", "tiny-llama3"), Setup("llama3", "tiny-llama3"),
    Setup("qwen3", "tiny-qwen3"), Setup("qwen3", "tiny-qwen3", keepsThinking: true),
    Setup("qwen3_disable_thinking", "tiny-qwen3"), Setup("qwen3_instruct", "tiny-qwen3"),
    Setup("qwen3_vl", "tiny-qwen3"), Setup("deepseekv3", "tiny-deepseekv3"),
    Setup("deepseekv3_thinking", "tiny-deepseekv3"),
    Setup("deepseekv3_thinking", "tiny-deepseekv3", keepsThinking: true),
  ]

  static let setups =
    firstFamilies + [
      Setup("qwen3_5", "tiny-qwen3"), Setup("qwen3_5_disable_thinking", "tiny-qwen3"),
      Setup("qwen3_8_low_reasoning", "tiny-qwen3"), Setup("deepseekv4_1", "tiny-deepseekv3"),
      Setup("gpt_oss_medium_reasoning", "tiny-more", date: "2031-02-03"),
      Setup("glm5_3_max_reasoning", "tiny-more"), Setup("kimi_k2", "tiny-more"),
      Setup("kimi_k25", "tiny-more"), Setup("nemotron3", "tiny-more"),
      Setup("nemotron3_ultra", "tiny-more"),
    ]

  private static let count = 40

  private static func conversations() -> [[Message]] {
    var generator = ConversationGenerator(seed: 20_261_125)
    return (0..<count).map { _ in generator.next() }
  }

  // MARK: Weights and segments

  @Test(arguments: setups)
  func weightsAndSegments(_ setup: Setup) throws {
    let renderer = try setup.renderer()
    var session = renderer.makeSession()
    var accepted = 0
    var faults: [String] = []
    for messages in Self.conversations() {
      var first: SupervisedExample?
      for mode in TrainOn.allCases {
        var given = messages
        if mode == .customized {
          for index in given.indices { given[index].trainable = index % 2 == 1 }
        }
        var example = SupervisedExample()
        do {
          try session.supervisedExample(for: given, trainOn: mode, into: &example)
        } catch { continue }
        accepted += 1
        faults += Self.faults(in: example, mode: mode)
        if let first, first.tokens != example.tokens || first.chunks != example.chunks {
          faults.append("tokens depend on the mode \(mode.rawValue): \(messages)")
        }
        first = first ?? example
      }
    }
    #expect(accepted > Self.count)
    #expect(faults.isEmpty, "\(faults.count) faults, the first: \(faults.first ?? "")")
  }

  private static func faults(in example: SupervisedExample, mode: TrainOn) -> [String] {
    var faults: [String] = []
    var end = 0
    for segment in example.segments {
      if segment.range.lowerBound != end { faults.append("a gap before \(segment)") }
      end = segment.range.upperBound
      if segment.weight != 0 && segment.weight != 1 { faults.append("a weight in \(segment)") }
      let isOutside = segment.kind == .header || segment.kind == .bos
      if mode != .allTokens, isOutside, segment.weight != 0 {
        faults.append("a trained header in \(mode.rawValue): \(segment)")
      }
      if mode == .allTokens, !segment.range.isEmpty, (segment.weight == 1) != (segment.kind != .bos)
      {
        faults.append("a weight in all_tokens: \(segment)")
      }
      if segment.isSampled && isOutside { faults.append("a sampled header: \(segment)") }
    }
    if end != example.tokens.count { faults.append("segments end at \(end)") }
    let length = example.chunks.reduce(0) { $0 + $1.length }
    if length != example.tokens.count { faults.append("chunks hold \(length) positions") }
    if example.weights.count != example.tokens.count { faults.append("weights are too few") }
    if example.weightRuns.reduce(0, { $0 + $1.count }) != length { faults.append("runs are wrong") }
    return faults
  }

  // MARK: Prompts

  @Test(arguments: setups)
  func promptsAndPrefills(_ setup: Setup) throws {
    let renderer = try setup.renderer()
    // These begin every answer themselves, in one call with what is given.
    let ownPrefill = ["deepseekv3_thinking", "kimi_k25"].contains(setup.name)
    var checked = 0
    for messages in Self.conversations() {
      guard let prompt = try? renderer.generationPrompt(for: messages) else { continue }
      checked += 1
      #expect(prompt.segments.allSatisfy { !$0.range.isEmpty && $0.weight == 0 && !$0.isSampled })
      let prefilled = try renderer.generationPrompt(for: messages, prefill: "So:\n")
      if ownPrefill && messages.last?.role != Role.tool {
        let tail = Array(prefilled.tokens.dropFirst(prompt.tokens.count - 1))
        #expect(renderer.tokenizer.decode(tail) == "<think>So:\n")
      } else {
        #expect(prefilled.tokens == prompt.tokens + renderer.tokenizer.encode("So:\n"))
      }
    }
    #expect(checked > 3)
  }

  /// In mode last_assistant_message exactly what follows the prompt is trained, and what is trained
  /// would have been sampled.
  @Test(arguments: setups)
  func trainsWhatFollowsThePrompt(_ setup: Setup) throws {
    let renderer = try setup.renderer()
    for messages in Self.conversations() where messages.last?.role == Role.assistant {
      guard let example = try? renderer.supervisedExample(for: messages),
        let prompt = try? renderer.generationPrompt(for: Array(messages.dropLast())),
        example.tokens.starts(with: prompt.tokens)
      else { continue }
      let trained = example.weights.indices.filter { example.weights[$0] == 1 }
      #expect(trained == Array(prompt.tokens.count..<example.tokens.count), "\(messages)")
      let sampled = example.segments.filter { $0.weight == 1 && !$0.isSampled }
      #expect(sampled.isEmpty, "\(messages)")
    }
  }

  // MARK: Streams

  @Test(arguments: setups)
  func streamsGiveWhatWasDecoded(_ setup: Setup) throws {
    let renderer = try setup.renderer()
    guard renderer.supportsStreaming, case .tokens(let stops) = renderer.stopSequences else {
      return
    }
    var generator = ConversationGenerator(seed: 7)
    for _ in 0..<Self.count {
      let tokens = renderer.tokenizer.encode(generator.response())
      if tokens.contains(where: stops.contains) { continue }
      let deltas = try renderer.stream(tokens + stops.prefix(1))
      // Where a prompt opens the reasoning, its tag is put back before a response that closes it.
      let whole = renderer.tokenizer.decode(tokens)
      let rest = ["", "<think>", "<think>\n"].lazy.compactMap {
        Self.rest(of: $0 + whole, after: deltas)
      }.first
      guard let rest else {
        Issue.record("\(deltas) do not spell \(whole)")
        continue
      }
      // What is left gave no delta: tags without text behind them.
      #expect(
        rest.replacing("<think>", with: "").replacing("</think>", with: "").isEmpty, "\(whole)")
    }
  }

  /// What a text has left behind the deltas with the tags between them; `nil` if it does not begin so.
  private static func rest(of text: String, after deltas: [MessageDelta]) -> String? {
    var joined = ""
    var index = 0
    for delta in deltas {
      let piece: (text: String, index: Int)
      switch delta {
      case .text(let text, let index), .thinking(let text, let index): piece = (text, index)
      case .header, .message: continue
      }
      while index < piece.index {
        joined += index % 2 == 0 ? "<think>" : "</think>"
        index += 1
      }
      joined += piece.text
    }
    guard text.utf8.starts(with: joined.utf8) else { return nil }
    return String(text.utf8.dropFirst(joined.utf8.count)) ?? ""
  }
}
