import Testing
import TinkerData
import TinkerJSON
import TinkerRendering

/// What is left of examples that are too long.
@Suite struct ShorteningTests {
  private static let chat = Records.record(
    Records.system("S"), Records.user("one"), Records.assistant("first answer"),
    Records.user("two"), Records.call(), Records.message("tool", "2"),
    Records.assistant("second answer"), Records.user("three"), Records.assistant("third answer"))

  private struct Outcome {
    var examples: [SupervisedExample] = []
    var counts = RecordCounts()
  }

  private static func render(
    _ record: String, _ renderer: Renderer, limit: Int?, _ policy: RecordSettings.LengthPolicy,
    trainOn: TrainOn = .allAssistantMessages
  ) throws -> Outcome {
    let settings = RecordSettings(
      trainOn: trainOn, expansion: .none, maximumLength: limit, lengthPolicy: policy)
    var worker = RecordRenderer(renderer: renderer, settings: settings)
    var outcome = Outcome()
    outcome.counts = try worker.render(Array(record.utf8).span) { (example, _) in
      outcome.examples.append(example)
    }
    return outcome
  }

  /// At every limit: nothing is halved, the last target ends with its stop token, and nothing else
  /// that fits is lost.
  @Test(arguments: [
    ("llama3", "tiny-llama3"), ("qwen3_instruct", "tiny-qwen3"), ("deepseekv3", "tiny-deepseekv3"),
    ("role_colon", "tiny-qwen3"),
  ])
  func neverHalfATarget(name: String, tokenizer: String) throws {
    let renderer = try Fixture.renderer(name, tokenizer: tokenizer)
    let record =
      name == "qwen3_instruct"
      ? Self.chat
      : Records.record(
        Records.user("one"), Records.assistant("first answer"), Records.user("two"),
        Records.assistant("second answer"))
    let whole = try #require(
      try Self.render(record, renderer, limit: nil, .error).examples.first)
    let ends = Self.targetEnds(of: whole)
    #expect(ends.count > 1)
    var lengths: Set<Int> = []
    for limit in 2...whole.tokens.count {
      let outcome = try Self.render(record, renderer, limit: limit, .cut)
      let expected = limit >= whole.tokens.count ? whole.tokens.count : ends.last { $0 <= limit }
      #expect(outcome.examples.first?.tokens.count == expected, "at \(limit)")
      guard let example = outcome.examples.first else {
        #expect(outcome.counts.tooLong == 1)
        continue
      }
      lengths.insert(example.tokens.count)
      #expect(whole.tokens.starts(with: example.tokens))
      #expect(example.segments.last?.range.upperBound == example.tokens.count)
      #expect(whole.weights.prefix(example.tokens.count).elementsEqual(example.weights))
      if limit < whole.tokens.count {
        #expect(example.segments.last?.kind == .stop)
        #expect(outcome.counts.shortened == 1)
        #expect(outcome.counts.lostTokens == whole.tokens.count - example.tokens.count)
        #expect(
          Float(outcome.counts.lostTrainedTokens)
            == whole.weights.reduce(0, +) - example.weights.reduce(0, +))
      }
    }
    #expect(lengths.count >= ends.count)
  }

  /// The ends of what is trained of each message.
  private static func targetEnds(of example: SupervisedExample) -> [Int] {
    var ends: [Int: Int] = [:]
    for segment in example.segments where segment.weight > 0 && !segment.range.isEmpty {
      if let message = segment.message { ends[message] = segment.range.upperBound }
    }
    return ends.values.sorted()
  }

  /// A turn with a call is kept whole or not at all, where a target alone would end at the call.
  @Test func neverHalfATurn() throws {
    let renderer = try Fixture.renderer("qwen3_instruct", tokenizer: "tiny-qwen3")
    let whole = try #require(
      try Self.render(Self.chat, renderer, limit: nil, .error).examples.first)
    let ends = Self.targetEnds(of: whole)
    try #require(ends.count == 4)
    // Behind the second answer, short of the third's start.
    let limit = ends[1] + 1
    let cut = try Self.render(Self.chat, renderer, limit: limit, .cut).examples.first
    let turn = try Self.render(Self.chat, renderer, limit: limit, .turn).examples.first
    #expect(cut?.tokens.count == ends[1])
    #expect(turn?.tokens.count == ends[0])
    let more = try Self.render(Self.chat, renderer, limit: ends[2] + 3, .turn).examples.first
    #expect(more?.tokens.count == ends[2])
    let none = try Self.render(Self.chat, renderer, limit: ends[0] - 1, .turn)
    #expect(none.examples.isEmpty && none.counts.tooLong == 1)
  }

  @Test func neverHalfAnImage() throws {
    let renderer = try Fixture.renderer("qwen3_vl", tokenizer: "tiny-qwen3")
    let record = Records.record(
      Records.user("one"), Records.assistant("first"), Records.seen("What?", images: 2),
      Records.assistant("second"))
    let whole = try #require(
      try Self.render(record, renderer, limit: nil, .error).examples.first)
    #expect(whole.images.count == 2)
    for limit in 2..<whole.tokens.count {
      for example in try Self.render(record, renderer, limit: limit, .cut).examples {
        #expect(example.images.isEmpty)
        #expect(!example.segments.contains { $0.kind == .image })
        #expect(example.chunks.reduce(0) { $0 + $1.length } == example.tokens.count)
      }
    }
  }

  /// An answer whose family writes no stop token is no end.
  @Test func neverWithoutItsStopToken() throws {
    let renderer = try Fixture.renderer("deepseekv3", tokenizer: "tiny-deepseekv3")
    let record = Records.record(
      Records.user("one"), Records.call(), Records.user("two"), Records.assistant("second answer"))
    let whole = try #require(
      try Self.render(record, renderer, limit: nil, .error).examples.first)
    let outcome = try Self.render(record, renderer, limit: whole.tokens.count - 1, .cut)
    #expect(outcome.examples.isEmpty)
    #expect(outcome.counts.tooLong == 1)
  }

  /// A limit in which no target is whole leaves the example out: loss is never silently zero.
  @Test func neverWithoutATarget() throws {
    let renderer = try Fixture.renderer("llama3", tokenizer: "tiny-llama3")
    for policy in [RecordSettings.LengthPolicy.cut, .turn, .drop] {
      let outcome = try Self.render(Self.plain, renderer, limit: 8, policy)
      #expect(outcome.examples.isEmpty)
      #expect(outcome.counts == RecordCounts(tooLong: 1))
    }
    #expect(throws: RenderingError.self) {
      _ = try Self.render(Self.plain, renderer, limit: 8, .error)
    }
  }

  private static let plain = Records.record(Records.user("one two three"), Records.assistant("A"))
}

extension RecordCounts {
  fileprivate init(tooLong: Int) {
    self.init()
    self.tooLong = tooLong
  }
}
