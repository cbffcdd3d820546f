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

    init(_ name: String, _ tokenizer: String, keepsThinking: Bool = false) {
      self.name = name
      self.tokenizer = tokenizer
      label = keepsThinking ? name + ".keep_thinking" : name
      if keepsThinking { options["strip_thinking_from_history"] = "false" }
    }

    func renderer() throws -> Renderer {
      try Fixture.renderer(name, tokenizer: tokenizer, options: options)
    }
  }

  static let setups = [
    Setup("role_colon", "tiny-llama3"), Setup("llama3", "tiny-llama3"),
    Setup("qwen3", "tiny-qwen3"), Setup("qwen3", "tiny-qwen3", keepsThinking: true),
    Setup("qwen3_disable_thinking", "tiny-qwen3"), Setup("qwen3_instruct", "tiny-qwen3"),
    Setup("qwen3_vl", "tiny-qwen3"), Setup("deepseekv3", "tiny-deepseekv3"),
    Setup("deepseekv3_thinking", "tiny-deepseekv3"),
    Setup("deepseekv3_thinking", "tiny-deepseekv3", keepsThinking: true),
  ]

  private static let count = 80

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
    let ownPrefill = setup.name == "deepseekv3_thinking"
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
    #expect(checked > 10)
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
      var tokens = renderer.tokenizer.encode(generator.response())
      if tokens.contains(where: stops.contains) { continue }
      let deltas = try renderer.stream(tokens + stops)
      // What the prompt has given is put back where a response closes what it has not opened.
      let open = renderer.tokenizer.encode("<think>")
      let close = renderer.tokenizer.encode("</think>")
      if setup.name == "deepseekv3_thinking", !tokens.starts(with: open), tokens.contains(close) {
        tokens = open + tokens
      }
      let whole = renderer.tokenizer.decode(tokens)
      let rest = try #require(Self.rest(of: whole, after: deltas), "\(whole)")
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
