import Testing
import TinkerData
import TinkerLocal

@Suite struct GradientTests {
  /// The derivative along a random direction of each parameter, against a difference of the loss. One
  /// sequence is longer than a block of queries.
  @Test(arguments: [true, false])
  func everyParameter(isTied: Bool) throws {
    var configuration = TinyModels.odd
    configuration.isTied = isTied
    let weights = try DecoderWeights(
      seed: 3, initialization: .scaled, configuration: configuration, isTrained: true)
    let learner = Learner(
      DecoderPass(Compute(threads: 2), weights, adapters: nil))
    var stream = RandomStream(seed: 4, name: "gradient")
    let examples = try [70, 5].map {
      try TinyModels.example(
        TinyModels.tokens($0, below: 41, &stream), vocabulary: 41)
    }
    _ = try learner.run(examples, loss: .crossEntropy, learns: true)
    let values = learner.state.values
    var checked = 0
    for entry in weights.layout.entries {
      let direction = entry.range.map { _ in Float(stream.gauss()) }
      let expected = zip(entry.range, direction).reduce(0.0) {
        $0 + Double(learner.state.gradients[$1.0]) * Double($1.1)
      }
      let before = Array(values.values[entry.range])
      let step: Float = 0x1p-10
      func loss(_ factor: Float) throws -> Double {
        for (index, place) in entry.range.enumerated() {
          values[place] = before[index] + factor * direction[index]
        }
        weights.repack()
        return try learner.run(examples, loss: .crossEntropy, learns: false).loss
      }
      let difference = (try loss(step) - loss(-step)) / Double(2 * step)
      _ = try loss(0)
      #expect(
        abs(difference - expected) < 0.03 * abs(expected) + 0.1,
        "\(entry.name): \(difference), not \(expected)")
      checked += 1
    }
    #expect(checked == (isTied ? 24 : 25))
  }

  @Test func adaptersLearnOnlyWhereTheyAre() throws {
    let weights = try DecoderWeights(
      seed: 3, initialization: .scaled, configuration: TinyModels.odd)
    let compute = Compute(threads: 1)
    var stream = RandomStream(seed: 5, name: "places")
    let example = try TinyModels.example(
      TinyModels.tokens(20, below: 41, &stream), vocabulary: 41)
    /// The gradients of the adapters of one module among those of all.
    func gradients(_ adapts: @escaping (String) -> Bool) throws -> [String: [Float]] {
      let set = AdapterSet(for: weights, rank: 3, alpha: 6, adapts: { _ in true })
      set.initialise(seed: 1)
      let part = AdapterSet(for: weights, rank: 3, alpha: 6, adapts: adapts)
      part.initialise(seed: 1)
      let learner = Learner(DecoderPass(compute, weights, adapters: part))
      _ = try learner.run([example], loss: .crossEntropy, learns: true)
      return Dictionary(
        uniqueKeysWithValues: part.layout.entries.map {
          ($0.name, Array(learner.state.gradients.values[$0.range]))
        })
    }
    let all = try gradients { _ in true }
    // With B = 0 no adapter changes the output, so each gradient is the same whoever else learns.
    for place in ["layers.1.mlp.down_proj", "layers.0.self_attn.o_proj", "k_proj", "lm_head"] {
      let some = try gradients { $0.contains(place) }
      #expect(!some.isEmpty)
      for (name, values) in some {
        let theirs = try #require(all[name])
        let size = theirs.map { abs($0) }.max() ?? 0
        #expect(
          zip(values, theirs).allSatisfy { abs($0 - $1) <= 1e-5 * max(size, 1e-3) }, "\(name)")
      }
    }
  }
}
