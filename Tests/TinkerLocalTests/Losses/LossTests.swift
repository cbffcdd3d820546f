import Testing
import TinkerData
import TinkerLocal

@Suite struct LossTests {
  static func inputs(_ loss: Loss, _ stream: inout RandomStream, count: Int) throws -> LossInputs {
    func values() -> [Float] { (0..<count).map { _ in Float(stream.gauss()) } }
    let datum = Datum(
      modelInput: ModelInput(tokens: [UInt32](repeating: 1, count: count)),
      lossInputs: [
        .init(name: "target_tokens", tensor: TensorData([Int64](repeating: 1, count: count))),
        .init(name: "weights", tensor: TensorData(values())),
        .init(name: "logprobs", tensor: TensorData(values().map { $0 - 2 })),
        .init(name: "advantages", tensor: TensorData(values())),
        .init(
          name: "sequence_ratio_mask", tensor: TensorData([Float](repeating: 1, count: count))),
      ])
    return try LossInputs(datum, loss: loss, length: count, vocabulary: 2, place: "datum")
  }

  /// With what carries no gradient held fixed, slopes are differences of the loss.
  @Test(arguments: [
    Loss.crossEntropy, .importanceSampling, .ppo(low: 0.8, high: 1.2), .dro(beta: 0.05),
  ])
  func slopesAreDifferences(loss: Loss) throws {
    var stream = RandomStream(seed: 11, name: "slopes")
    let inputs = try Self.inputs(loss, &stream, count: 200)
    for index in 0..<200 {
      let l = Float(stream.gauss() - 2)
      let at = { (x: Float) in loss.term(inputs, index, logprob: x, sequenceRatio: 1) }
      let up = at(l + 0x1p-10)
      let down = at(l - 0x1p-10)
      // At a border of the clip the loss has a corner.
      if (up.slope == 0) != (down.slope == 0) { continue }
      let difference = (up.loss - down.loss) / 0x1p-9
      #expect(abs(difference - at(l).slope) < 1e-4 * max(1, abs(difference)))
    }
  }

  @Test func stoppedRatiosCarryNoGradient() throws {
    var stream = RandomStream(seed: 12, name: "stopped")
    let cispo = Loss.cispo(low: 0, high: 4)
    let inputs = try Self.inputs(cispo, &stream, count: 50)
    for index in 0..<50 {
      let term = cispo.term(inputs, index, logprob: -1.5, sequenceRatio: 1)
      #expect(abs(term.loss - term.slope * -1.5) < 1e-9, "the loss is linear in ℓ")
    }
    let gspo = Loss.gspo(low: 0.8, high: 1.2)
    let masked = try Self.inputs(gspo, &stream, count: 50)
    let ratio = 1.1
    for index in 0..<50 {
      let term = gspo.term(masked, index, logprob: -1.5, sequenceRatio: ratio)
      #expect(abs(term.loss + ratio * Double(masked.advantages[index])) < 1e-9)
      #expect(term.slope == term.loss)
    }
    let logprobs = [Float](repeating: -1, count: 50)
    let mean = masked.logprobs.reduce(0) { $0 - 1 - Double($1) } / 50
    #expect(abs(Loss.sequenceRatio(masked, logprobs[...]) - TestMath.exp(mean)) < 1e-9)
  }

  @Test func zeroWeightAddsNothingEvenWhereRatiosOverflow() throws {
    var stream = RandomStream(seed: 13, name: "zero")
    var inputs = try Self.inputs(.importanceSampling, &stream, count: 1)
    inputs.logprobs = [-100_000]
    inputs.advantages = [0]
    #expect(
      Loss.importanceSampling.term(inputs, 0, logprob: -1, sequenceRatio: 1) == Loss.Term.zero)
    inputs.advantages = [1]
    let term = Loss.importanceSampling.term(inputs, 0, logprob: -1, sequenceRatio: 1)
    #expect(!term.loss.isFinite)
  }

  @Test func namesAndSettings() throws {
    #expect(try Loss(.crossEntropy) == .crossEntropy)
    #expect(try Loss(.ppo()) == .ppo(low: 0.8, high: 1.2))
    #expect(try Loss(.cispo()) == .cispo(low: 0, high: 4))
    #expect(try Loss(.gspo(clipHigh: 1.5)) == .gspo(low: 0.8, high: 1.5))
    #expect(try Loss(.dro(beta: 0.1)) == .dro(beta: 0.1))
    let refused: [(LossFunction, String)] = [
      (LossFunction(name: "dro"), "beta"), (LossFunction(name: "stable_reinforce"), "ppo"),
      (LossFunction(name: "mse"), "gspo"),
      (
        LossFunction(
          name: "cross_entropy", settings: [.init(name: "beta", value: .number(1))]), "no setting"
      ),
      (
        LossFunction(name: "dro", settings: [.init(name: "beta", value: .number(.nan))]),
        "not finite"
      ),
    ]
    for (function, words) in refused {
      let error = #expect(throws: LocalError.self) { try Loss(function) }
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
      #expect(error?.isUserError == true)
    }
  }

  @Test func inputsAreChecked() throws {
    let targets = TensorData([1, 1, 1] as [Int64])
    let weights = TensorData([1, 1, 1] as [Float])
    func refuse(_ inputs: [Datum.LossInput], _ loss: Loss, _ words: String) {
      let datum = Datum(modelInput: ModelInput(tokens: [1, 1, 1]), lossInputs: inputs)
      let error = #expect(throws: LocalError.self) {
        try LossInputs(datum, loss: loss, length: 3, vocabulary: 2, place: "datum 4")
      }
      #expect(error?.description.contains("datum 4") == true)
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
    let good = Datum.LossInput(name: "target_tokens", tensor: targets)
    refuse([], .crossEntropy, "target_tokens")
    refuse([good], .crossEntropy, "weights")
    refuse(
      [good, .init(name: "weights", tensor: TensorData([1] as [Float]))], .crossEntropy, "[1]")
    refuse(
      [.init(name: "target_tokens", tensor: TensorData([1, 2, 1] as [Int64]))], .crossEntropy,
      "target 2")
    refuse([.init(name: "target_tokens", tensor: weights)], .crossEntropy, "integers")
    refuse(
      [good, .init(name: "clip_low_threshold", tensor: weights)], .ppo(low: 0, high: 1), "each")
    let wide = try TensorData(elements: .integers([1, 1, 1, 1, 1, 1]), shape: [3, 2])
    refuse([.init(name: "target_tokens", tensor: wide)], .ppo(low: 0, high: 1), "one target")
    refuse(
      [
        good, .init(name: "logprobs", tensor: weights), .init(name: "advantages", tensor: weights),
        .init(name: "sequence_ratio_mask", tensor: TensorData([0, 0, 0] as [Float])),
      ], .gspo(low: 0, high: 1), "zero everywhere")
  }

  @Test func sparseTargetsAreFilledUp() throws {
    let dense = try TensorData(elements: .integers([1, 0, 0, 0, 0, 1]), shape: [3, 2])
    let weights = try TensorData(elements: .floats([1, 0, 0, 0, 0, 2]), shape: [3, 2])
    let datum = Datum(
      modelInput: ModelInput(tokens: [1, 1, 1]),
      lossInputs: [
        .init(name: "target_tokens", tensor: try dense.sparse()),
        .init(name: "weights", tensor: try weights.sparse()),
      ])
    let inputs = try LossInputs(
      datum, loss: .crossEntropy, length: 3, vocabulary: 2, place: "datum")
    #expect(inputs.targets == [1, 0, 0, 0, 0, 1])
    #expect(inputs.weights == [1, 0, 0, 0, 0, 2])
    #expect(inputs.columns == 2)
  }
}
