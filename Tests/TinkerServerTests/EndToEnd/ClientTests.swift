import ClientTestSupport
import Foundation
import TestSupport
import Testing
import TinkerClient
import TinkerData
import TinkerJSON
import TinkerLocal

@Suite struct ClientTests {
  @Test func everyStep() async throws {
    let server = try await TestServer()
    let run = EndToEndRun(server: server.url, apiKey: "tml-test", model: "tiny")
    try await run.run()
    await server.stop()
    for failure in run.failures { Issue.record("\(failure)") }
    #expect(run.passed == EndToEndRun.stepCount)
  }

  @Test func imagesTrainAndSample() async throws {
    let configuration = ModelConfiguration(
      vocabularySize: 32, hiddenSize: 32, intermediateSize: 48, layers: 2, heads: 4,
      keyValueHeads: 2, headWidth: 8, endTokens: [1], contextLength: 64,
      vision: VisionConfiguration(
        depth: 2, hiddenSize: 32, intermediateSize: 48, heads: 4, positionSide: 8,
        deepStackBlocks: [0], imageToken: 30, minPixels: 4096))
    let server = try await TestServer([
      LocalModel(name: "sees", source: .seed(1, configuration, .scaled))
    ])
    let service = ServiceClient(ServiceOptions(baseURL: server.url, apiKey: "tml-test"))
    let client = try await service.createLoraTrainingClient(
      baseModel: "sees", lora: LoraConfig(rank: 4, seed: 1))
    let pictures: [(data: [UInt8], name: UInt32)] = [
      (PNG.oneColour(220, 20, 20), 10), (PNG.oneColour(30, 30, 220), 12),
    ]
    func chunk(_ data: [UInt8]) -> ModelInputChunk {
      .image(ImageChunk(data: data, format: .png, expectedTokens: 4, width: 64, height: 64))
    }
    let data = pictures.map { picture in
      Datum(
        modelInput: ModelInput(chunks: [
          .tokens([5]), chunk(picture.data), .tokens([6, picture.name]),
        ]),
        lossInputs: [
          .init(
            name: "target_tokens",
            tensor: TensorData([0, 0, 0, 0, 0, Int64(picture.name), 1] as [Int64])),
          .init(name: "weights", tensor: TensorData([0, 0, 0, 0, 0, 1, 1] as [Float])),
        ])
    }
    for _ in 0..<40 {
      _ = try client.forwardBackward(data)
      _ = try await client.optimStep(AdamParams(learningRate: 1e-2, eps: 1e-8)).value
    }
    let sampler = try await client.saveWeightsAndGetSamplingClient().value
    for picture in pictures {
      let response = try await sampler.sample(
        SampleRequest(
          prompt: ModelInput(chunks: [.tokens([5]), chunk(picture.data), .tokens([6])]),
          params: SamplingParams(maxTokens: 4, temperature: 0)))
      #expect(response.sequences[0].tokens == [picture.name, 1])
    }
    let wrong = Datum(
      modelInput: ModelInput(chunks: [
        .image(ImageChunk(data: [1, 2, 3], format: .png, expectedTokens: 4, width: 64, height: 64))
      ]), lossInputs: data[0].lossInputs)
    await #expect(throws: ClientError.self) { try await client.forwardBackward([wrong]).value }
    await server.stop()
  }
}
