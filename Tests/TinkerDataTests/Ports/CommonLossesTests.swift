import TinkerData
import Testing

@Suite struct CommonLossesTests {
  /// Examples with all inputs that any of the losses takes.
  private func examples(_ count: Int, length: Int) -> ([Datum], [[Float]]) {
    var generator = SystemRandomNumberGenerator()
    func numbers(_ range: ClosedRange<Float>) -> [Float] {
      (0..<length).map { _ in Float.random(in: range, using: &generator) }
    }
    var data: [Datum] = []
    var logprobs: [[Float]] = []
    for _ in 0..<count {
      let targets = TensorData([Int64](repeating: 1, count: length))
      data.append(
        Datum(
          modelInput: ModelInput(chunks: [.tokens([UInt32](repeating: 1, count: length))]),
          lossInputs: [
            .init(name: "target_tokens", tensor: targets),
            .init(name: "weights", tensor: TensorData(numbers(0...1))),
            .init(name: "reference_logprobs", tensor: TensorData(numbers(-3...(-0.1)))),
            .init(name: "logprobs", tensor: TensorData(numbers(-3...(-0.1)))),
            .init(name: "advantages", tensor: TensorData(numbers(-1...1))),
            .init(name: "mask", tensor: TensorData(numbers(0...1))),
          ]))
      logprobs.append(numbers(-3...(-0.1)))
    }
    return (data, logprobs)
  }

  @Test(arguments: ["weightedNLL", "dpo", "klRegularizedPolicyGradient"])
  func gradientIsTheSlope(name: String) throws {
    let loss: CustomLoss =
      switch name {
      case "dpo": CommonLosses.dpo(beta: 0.7)
      case "weightedNLL": CommonLosses.weightedNLL
      default: CommonLosses.klRegularizedPolicyGradient(beta: 0.3)
      }
    let (data, logprobs) = examples(4, length: 3)
    let value = try loss(data, logprobs)
    let step: Float = 1.0 / 64
    for example in logprobs.indices {
      for position in logprobs[example].indices {
        var (up, down) = (logprobs, logprobs)
        up[example][position] += step
        down[example][position] -= step
        // The step is exact in binary, the shifted numbers are rounded: their true distance counts.
        let distance = Double(up[example][position]) - Double(down[example][position])
        let slope = (try loss(data, up).loss - loss(data, down).loss) / distance
        let found = Double(value.gradient[example][position])
        #expect(abs(slope - found) < 2e-3 * max(1, abs(slope)), "\(name) \(slope) \(found)")
      }
    }
  }

  @Test func extremesDoNotOverflow() throws {
    var (data, logprobs) = examples(2, length: 2)
    logprobs = [[-1e6, -1e6], [0, 0]]
    let value = try CommonLosses.dpo(beta: 10)(data, logprobs)
    #expect(value.loss.isFinite)
    #expect(value.metrics["accuracy"] == 0)
    data[0].lossInputs = []
    #expect(throws: DataError.self) { try CommonLosses.dpo(beta: 1)(data, logprobs) }
    #expect(throws: DataError.self) { try CommonLosses.dpo(beta: 1)([], []) }
    #expect(throws: DataError.self) { try CommonLosses.weightedNLL(data, logprobs) }
  }

  @Test func equalAnswersCostLogTwo() throws {
    let (data, logprobs) = examples(1, length: 2)
    var pair = data + data
    for index in pair.indices {
      pair[index].lossInputs.append(.init(name: "x", tensor: TensorData([Float(0)])))
    }
    let value = try CommonLosses.dpo(beta: 0.1)(pair, logprobs + logprobs)
    #expect(abs(value.loss - 0.693147) < 1e-5)
  }
}
