import Testing
import TinkerData
import TinkerLocal

@Suite struct DeterminismTests {
  static let configuration = ModelConfiguration(
    vocabularySize: 600, hiddenSize: 40, intermediateSize: 72, layers: 2, heads: 4,
    keyValueHeads: 2, headWidth: 12, contextLength: 1024)

  static func pass(_ compute: Compute) throws -> DecoderPass {
    let weights = try DecoderWeights(
      seed: 7, initialization: .scaled, configuration: configuration)
    let set = AdapterSet(for: weights, rank: 5, alpha: 32) { _ in true }
    set.initialise(seed: 8)
    var stream = RandomStream(seed: 9, name: "B")
    for index in 0..<set.values.count where set.values[index] == 0 {
      set.values[index] = Float(stream.gauss()) * 0.1
    }
    set.repack()
    return DecoderPass(compute, weights, adapters: set)
  }

  static func examples() throws -> [Learner.Example] {
    var stream = RandomStream(seed: 10, name: "data")
    return try [3, 130, 64, 290].map {
      try TinyModels.example(TinyModels.tokens($0, below: 600, &stream), vocabulary: 600)
    }
  }

  /// Two steps of training: losses, log-probabilities and parameters.
  static func train(_ compute: Compute) throws -> ([Double], [[Float]], [Float]) {
    let learner = Learner(try pass(compute))
    let examples = try examples()
    var losses: [Double] = []
    var logprobs: [[Float]] = []
    for _ in 0..<2 {
      let result = try learner.run(examples, loss: .crossEntropy, learns: true)
      losses.append(result.loss)
      logprobs += result.logprobs
      losses.append(try learner.step(AdamParams(learningRate: 1e-3, eps: 1e-8, gradClipNorm: 1)))
    }
    return (losses, logprobs, learner.state.values.values)
  }

  @Test func threadsChangeNoBit() throws {
    let one = try Self.train(Compute(threads: 1))
    for threads in [2, 3] {
      let more = try Self.train(Compute(threads: threads))
      #expect(more.0 == one.0)
      #expect(more.1 == one.1)
      #expect(more.2 == one.2)
    }
  }

  @Test func classesAgree() throws {
    let best = try Self.train(Compute())
    let base = try Self.train(Compute(kernelClass: .base))
    #expect(zip(best.0, base.0).allSatisfy { abs($0 - $1) <= 1e-5 * abs($1) })
  }

  @Test func companyChangesNoLogprob() throws {
    let compute = Compute(threads: 2)
    let learner = Learner(try Self.pass(compute))
    let examples = try Self.examples()
    let together = try learner.run(examples, loss: .crossEntropy, learns: true).logprobs
    for (index, example) in examples.enumerated() {
      let alone = try learner.run([example], loss: .crossEntropy, learns: false).logprobs
      #expect(alone == [together[index]])
    }
  }

  /// Samples drawn one token at a time, with the cache, in company, have the bits of a pass over the whole.
  @Test func sampledLogprobsAreThoseOfTraining() throws {
    let compute = Compute(threads: 2)
    let pass = try Self.pass(compute)
    var stream = RandomStream(seed: 11, name: "prompt")
    let prompt = TinyModels.tokens(250, below: 600, &stream)
    let request = SampleRequest(
      prompt: ModelInput(tokens: prompt), numSamples: 5,
      params: SamplingParams(maxTokens: 20, seed: 12, stop: .tokens([])), promptLogprobs: true)
    let response = try SamplingGoldenTests.run(request, prompt, pass)
    #expect(response.sequences.count == 5)
    for sequence in response.sequences {
      let tokens = prompt + sequence.tokens
      let learner = Learner(pass)
      let logprobs = try learner.run(
        [try TinyModels.example(tokens, vocabulary: 600)], loss: .crossEntropy, learns: false
      ).logprobs[0]
      #expect(Array(logprobs.suffix(20)) == sequence.logprobs)
      #expect(Array(logprobs.prefix(249)) == response.promptLogprobs?.dropFirst().map { $0 ?? 1 })
    }
    // The first samples do not depend on how many there are.
    var fewer = request
    fewer.numSamples = 2
    #expect(
      try SamplingGoldenTests.run(fewer, prompt, pass).sequences
        == Array(response.sequences.prefix(2)))
  }

  @Test func largeCallsAreSplitAtDatumBorders() throws {
    var configuration = TinyModels.quick
    configuration.contextLength = Learner.microBatch
    let weights = try DecoderWeights(
      seed: 1, initialization: .scaled, configuration: configuration)
    let set = AdapterSet(for: weights, rank: 2, alpha: 4) { $0 == "lm_head" }
    set.initialise(seed: 1)
    let learner = Learner(DecoderPass(Compute(), weights, adapters: set))
    var stream = RandomStream(seed: 2, name: "large")
    let short = try (0..<3).map { _ in
      try TinyModels.example(TinyModels.tokens(9, below: 32, &stream), vocabulary: 32)
    }
    let long = try (0..<260).map { _ in
      try TinyModels.example(TinyModels.tokens(33, below: 32, &stream), vocabulary: 32)
    }
    let result = try learner.run(short + long, loss: .crossEntropy, learns: false)
    #expect(result.logprobs.count == 263)
    let alone = try learner.run(short, loss: .crossEntropy, learns: false)
    #expect(Array(result.logprobs.prefix(3)) == alone.logprobs)
  }

  @Test func aFailedCallAddsNothing() throws {
    let learner = Learner(try Self.pass(Compute(threads: 1)))
    let example = try Self.examples()[0]
    _ = try learner.run([example], loss: .crossEntropy, learns: true)
    let before = learner.state.gradients.values
    var inputs = example.inputs
    inputs.advantages = [1, 1]
    inputs.logprobs = [-1, -100_000]
    let bad = Learner.Example(sequence: example.sequence, inputs: inputs, place: "datum 7")
    let error = #expect(throws: LocalError.self) {
      try learner.run([bad], loss: .importanceSampling, learns: true)
    }
    #expect(error?.description.contains("datum 7, position 1") == true)
    #expect(learner.state.gradients.values == before)
  }
}
