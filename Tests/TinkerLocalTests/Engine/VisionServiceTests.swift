import Foundation
import TestSupport
import Testing
import TinkerData
import TinkerLocal

@Suite struct VisionServiceTests {
  static let configuration = ModelConfiguration(
    vocabularySize: 32, hiddenSize: 32, intermediateSize: 48, layers: 2, heads: 4, keyValueHeads: 2,
    headWidth: 8, endTokens: [1], contextLength: 64,
    vision: VisionConfiguration(
      depth: 2, hiddenSize: 32, intermediateSize: 48, heads: 4, positionSide: 8,
      deepStackBlocks: [0], imageToken: 30, minPixels: 4096))

  static func image(_ data: [UInt8], expected: Int = 4) -> ModelInputChunk {
    .image(ImageChunk(data: data, format: .png, expectedTokens: expected, width: 64, height: 64))
  }

  @Test func namesColours() async throws {
    let folder = try Places.scratch()
    let service = LocalService(
      LocalConfiguration(
        models: [LocalModel(name: "sees", source: .seed(1, Self.configuration, .scaled))],
        stateFolder: folder.path, threads: 2))
    let trainer = try await service.makeTrainer(
      baseModel: "sees", lora: LoraConfig(rank: 4, seed: 1))
    let colours: [(data: [UInt8], name: UInt32)] = [
      (PNG.oneColour(220, 20, 20), 10), (PNG.oneColour(20, 200, 20), 11),
      (PNG.oneColour(30, 30, 220), 12),
    ]
    let data = colours.map { data, name in
      // [question, four image positions, answer] → the answer, then the end.
      Datum(
        modelInput: ModelInput(chunks: [.tokens([5]), Self.image(data), .tokens([6, name])]),
        lossInputs: [
          .init(
            name: "target_tokens", tensor: TensorData([0, 0, 0, 0, 0, Int64(name), 1] as [Int64])),
          // A weight before an image position counts for nothing.
          .init(name: "weights", tensor: TensorData([9, 0, 0, 0, 0, 1, 1] as [Float])),
        ])
    }
    func step() async throws -> Double {
      let pass = try trainer.forwardBackward(data, loss: .crossEntropy)
      _ = try await trainer.optimStep(AdamParams(learningRate: 1e-2, eps: 1e-8)).value
      return try await pass.value.metrics["loss:sum"] ?? .nan
    }
    let first = try await step()
    for _ in 0..<60 { _ = try await step() }
    let last = try await step()
    #expect(first > 10 && last < 0.5, "\(first) became \(last)")
    let sampler = try await trainer.makeSampler().value
    for (data, name) in colours {
      let response = try await sampler.sample(
        SampleRequest(
          prompt: ModelInput(chunks: [.tokens([5]), Self.image(data), .tokens([6])]),
          params: SamplingParams(maxTokens: 4, temperature: 0), promptLogprobs: true))
      #expect(response.sequences[0].tokens == [name, 1])
      let isScored = try #require(response.promptLogprobs).map { $0 != nil }
      #expect(isScored == [false, false, false, false, false, true])
    }
    await #expect(throws: LocalError.self) {
      try await sampler.sample(
        SampleRequest(prompt: ModelInput(chunks: [Self.image(colours[0].data, expected: 5)])))
    }
    await #expect(throws: LocalError.self) {
      try await sampler.sample(
        SampleRequest(prompt: ModelInput(chunks: [Self.image([1, 2, 3])])))
    }
    await #expect(throws: LocalError.self) {
      try await service.makeFullTrainer(baseModel: "sees")
    }
  }
}
