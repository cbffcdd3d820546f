import Foundation
import TestSupport
import Testing
import TinkerData
import TinkerLocal

@Suite struct ReinforcementTests {
  /// Samples, rewards one token, and trains on the advantages until the model says it.
  @Test(arguments: [
    LossFunction.importanceSampling, .ppo(), .cispo(), .dro(beta: 0.05), .gspo(),
  ])
  func findsTheRewardedToken(loss: LossFunction) async throws {
    let folder = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    let service = LocalServiceTests.service(folder)
    let trainer = try await service.makeTrainer(
      baseModel: "quick", lora: LoraConfig(rank: 4, seed: 5))
    let prompt: [UInt32] = [3, 4]
    var mean = 0.0
    var steps = 0
    while mean < 0.9 && steps < 60 {
      let sampler = try await trainer.makeSampler().value
      let response = try await sampler.sample(
        SampleRequest(
          prompt: ModelInput(tokens: prompt), numSamples: 64,
          params: SamplingParams(maxTokens: 1, seed: UInt64(steps), stop: .tokens([]))))
      let rewards = response.sequences.map { $0.tokens == [9] ? 1.0 : 0 }
      mean = rewards.reduce(0, +) / 64
      steps += 1
      if mean == 0 || mean == 1 { continue }
      let deviation = (mean * (1 - mean)).squareRoot()
      let data = zip(response.sequences, rewards).map { sequence, reward in
        // Position 0 predicts the prompt; its q is its own ℓ's place holder and carries no advantage.
        Datum(
          modelInput: ModelInput(tokens: prompt),
          lossInputs: [
            .init(
              name: "target_tokens", tensor: TensorData([4, Int64(sequence.tokens[0])] as [Int64])),
            .init(
              name: "logprobs", tensor: TensorData([-3, sequence.logprobs?.first ?? 0] as [Float])),
            .init(
              name: "advantages", tensor: TensorData([0, Float((reward - mean) / deviation)])),
            .init(name: "sequence_ratio_mask", tensor: TensorData([0, 1] as [Float])),
          ])
      }
      let pass = try trainer.forwardBackward(data, loss: loss)
      _ = try await trainer.optimStep(AdamParams(learningRate: 1e-2, eps: 1e-8)).value
      _ = try await pass.value
    }
    #expect(mean >= 0.9, "\(loss.name): \(mean) after \(steps) steps")
  }
}
