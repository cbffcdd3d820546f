import Foundation
import Testing
import TestSupport
import TinkerData
import TinkerLocal
import TinkerTokenizer

@Suite struct SamplingTests {
  static func service(tokenizer: String? = nil, contextLength: Int = 64) -> LocalService {
    var configuration = TinyModels.quick
    configuration.contextLength = contextLength
    return LocalService(
      LocalConfiguration(
        models: [
          LocalModel(
            name: "quick", source: .seed(1, configuration, .scaled), tokenizerFolder: tokenizer)
        ],
        stateFolder: "/nonexistent", threads: 2))
  }

  @Test func limitsAndStops() async throws {
    let sampler = try await Self.service(contextLength: 20).makeSampler(baseModel: "quick")
    func run(_ params: SamplingParams) async throws -> SampledSequence {
      try await sampler.sample(
        SampleRequest(prompt: ModelInput(tokens: [3, 4, 5]), params: params)
      ).sequences[0]
    }
    let whole = try await run(SamplingParams(seed: 1, stop: .tokens([])))
    #expect(whole.tokens.count == 17 && whole.stopReason == .length)
    let cut = try await run(SamplingParams(maxTokens: 1000, seed: 1, stop: .tokens([])))
    #expect(cut == whole)
    let none = try await run(SamplingParams(maxTokens: 0, seed: 1))
    #expect(none.tokens.isEmpty && none.stopReason == .length)
    // A stop token is part of the output, and ends it.
    let stop = whole.tokens[6]
    let stopped = try await run(SamplingParams(seed: 1, stop: .tokens([stop])))
    let end = try #require(whole.tokens.firstIndex { $0 == stop || $0 == 1 })
    #expect(stopped.tokens == Array(whole.tokens[...end]) && stopped.stopReason == .stop)
    // The model's own end ends a sequence unless the list of stops is empty.
    var ended = 0
    for seed in UInt64(0)..<40 {
      let sequence = try await run(SamplingParams(seed: seed))
      if sequence.stopReason == .stop {
        #expect(sequence.tokens.last == 1 && !sequence.tokens.dropLast().contains(1))
        ended += 1
      }
    }
    #expect(ended > 0)
  }

  @Test func reportsOnThePrompt() async throws {
    let sampler = try await Self.service().makeSampler(baseModel: "quick")
    let prompt: [UInt32] = [3, 4, 5, 6, 7]
    let targets = try TensorData(elements: .integers([4, -1, 5, 31, -1, 0, 7, 7]), shape: [4, 2])
    let response = try await sampler.sample(
      SampleRequest(
        prompt: ModelInput(tokens: prompt), params: SamplingParams(maxTokens: 3, seed: 1),
        promptLogprobs: true, promptLogprobsLastN: 3, topKPromptLogprobs: 32, topKSampleLogprobs: 2,
        targetPromptLogprobs: targets, promptAltTokensK: 500))
    let logprobs = try #require(response.promptLogprobs)
    let best = try #require(response.topKPromptLogprobs)
    #expect(logprobs.count == 5 && logprobs[0] == nil && logprobs[1] == nil)
    #expect(best[1] == nil)
    for position in 2..<5 {
      let row = try #require(best[position])
      #expect(row.count == 32)
      #expect(zip(row, row.dropFirst()).allSatisfy { $0.logprob >= $1.logprob })
      #expect(row.first { $0.token == prompt[position] }?.logprob == logprobs[position])
      let total = row.reduce(0) { $0 + TestMath.exp(Double($1.logprob)) }
      #expect(abs(total - 1) < 1e-5)
    }
    let scores = try #require(response.targetPromptLogprobs).floats
    #expect(scores[1] == 0 && scores[4] == 0)
    #expect(scores[2] == logprobs[2])
    #expect(scores[3] == best[2]?.first { $0.token == 31 }?.logprob)
    #expect(scores[6] == logprobs[4] && scores[7] == logprobs[4])
    let alt = try #require(response.promptAltTokens)
    #expect(alt.tokens.shape == [4, 500])
    guard case .integers(let drawn) = alt.tokens.elements else { return }
    // Draws follow the distribution: the most probable token of a position is drawn about as often.
    let top = try #require(best[4]?.first)
    let share = Double(drawn[1500...].filter { $0 == Int64(top.token) }.count) / 500
    #expect(abs(share - TestMath.exp(Double(top.logprob))) < 0.1)
    let sequence = response.sequences[0]
    #expect(sequence.topKLogprobs?.count == sequence.tokens.count)
    #expect(sequence.topKLogprobs?.allSatisfy { $0?.count == 2 } == true)
  }

  @Test func companyChangesNothing() async throws {
    let sampler = try await Self.service().makeSampler(baseModel: "quick")
    let requests = (0..<12).map { index in
      SampleRequest(
        prompt: ModelInput(tokens: (0...UInt32(index)).map { $0 + 2 }), numSamples: 1 + index % 3,
        params: SamplingParams(maxTokens: 5 + index, seed: UInt64(index), stop: .tokens([])))
    }
    var alone: [SampleResponse] = []
    for request in requests { alone.append(try await sampler.sample(request)) }
    let together = try await withThrowingTaskGroup(of: (Int, SampleResponse).self) { group in
      for (index, request) in requests.enumerated() {
        group.addTask { (index, try await sampler.sample(request)) }
      }
      var out = [SampleResponse?](repeating: nil, count: requests.count)
      for try await (index, response) in group { out[index] = response }
      return out
    }
    #expect(together == alone)
  }

  @Test func cancellingEndsARequest() async throws {
    let sampler = try await Self.service(contextLength: 50_000).makeSampler(baseModel: "quick")
    let task = Task {
      try await sampler.sample(
        SampleRequest(
          prompt: ModelInput(tokens: [3]), params: SamplingParams(seed: 1, stop: .tokens([]))))
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    let after = try await sampler.sample(
      SampleRequest(prompt: ModelInput(tokens: [3]), params: SamplingParams(maxTokens: 1)))
    #expect(after.sequences[0].tokens.count == 1)
  }

  /// A stop text may end in the middle of what a token says, and begin in an earlier token.
  @Test func stopTexts() async throws {
    let folder = Places.fixtures.appending(path: "tokenizers/tiny-qwen3").path
    let tokenizer = try Tokenizer(contentsOf: folder)
    let sampler = try await Self.service(tokenizer: folder).makeSampler(baseModel: "quick")
    func run(_ stop: SamplingParams.Stop) async throws -> SampledSequence {
      try await sampler.sample(
        SampleRequest(
          prompt: ModelInput(tokens: [3]),
          params: SamplingParams(maxTokens: 40, seed: 3, stop: stop))
      ).sequences[0]
    }
    let free = try await run(.tokens([]))
    let stop = tokenizer.decode(Array(free.tokens[9...10]))
    #expect(stop.utf8.count >= 2)
    let stopped = try await run(.strings(["never written", stop]))
    let first = try #require(
      free.tokens.indices.first {
        free.tokens[$0] == 1 || tokenizer.decode(Array(free.tokens[...$0])).contains(stop)
      })
    #expect(stopped.tokens == Array(free.tokens[...first]))
    #expect(stopped.stopReason == .stop)
    await #expect(throws: LocalError.self) { try await run(.strings([""])) }
  }

  @Test func bestTokensInOrder() {
    let logits: [Float] = [1, 3, -2, 3, 0, -0.0, 5]
    #expect(BestTokens.first(4, of: logits) == [6, 1, 3, 0])
    #expect(BestTokens.first(7, of: logits) == [6, 1, 3, 0, 4, 5, 2])
    #expect(BestTokens.first(0, of: logits).isEmpty)
    var stream = RandomStream(seed: 1, name: "order")
    let many = (0..<3000).map { _ in Float(stream.next() % 100) }
    let sorted = many.indices.sorted { (many[$0], $1) > (many[$1], $0) }
    for count in [1, 10, 100, 2999] {
      #expect(BestTokens.first(count, of: many) == Array(sorted.prefix(count)))
    }
  }
}
