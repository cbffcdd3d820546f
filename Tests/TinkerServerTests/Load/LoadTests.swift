import Foundation
import TestSupport
import Testing
import TinkerClient
import TinkerData
import TinkerJSON

/// Two clients at once: what one of them asks for is neither lost nor done twice nor out of order.
@Suite struct LoadTests {
  private static let steps = 25
  private static let samples = 100

  private static func datum(_ tokens: [UInt32]) -> Datum {
    Datum(
      modelInput: ModelInput(tokens: Array(tokens.dropLast())),
      lossInputs: [
        .init(name: "target_tokens", tensor: TensorData(tokens.dropFirst().map { Int64($0) })),
        .init(
          name: "weights", tensor: TensorData([Float](repeating: 1, count: tokens.count - 1))),
      ])
  }

  /// The losses of steps that are all queued before the first is awaited.
  private static func train(_ client: TrainingClient) async throws -> [Double] {
    let data = [datum([5, 6, 7, 8, 9]), datum([20, 21, 22])]
    var passes: [TrainingOperation<ForwardBackwardOutput>] = []
    for _ in 0..<steps {
      passes.append(try client.forwardBackward(data))
      _ = try client.optimStep(AdamParams(learningRate: 5e-3, eps: 1e-8))
    }
    var losses: [Double] = []
    for pass in passes { losses.append(try await pass.value.metrics["loss:sum"] ?? .nan) }
    return losses
  }

  /// The sequences of samples that are all under way at once; each has a seed of its own.
  private static func sample(_ sampler: SamplingClient) async throws -> [[UInt32]] {
    try await withThrowingTaskGroup(of: (Int, [UInt32]).self) { group in
      for number in 0..<samples {
        group.addTask {
          let response = try await sampler.sample(
            SampleRequest(
              prompt: ModelInput(tokens: [UInt32(number % 60) + 3, 9]),
              params: SamplingParams(maxTokens: 12, seed: UInt64(number), stop: .tokens([]))))
          return (number, response.sequences[0].tokens)
        }
      }
      var out = [[UInt32]](repeating: [], count: samples)
      for try await (number, tokens) in group { out[number] = tokens }
      return out
    }
  }

  @Test func twoClients() async throws {
    let server = try await TestServer()
    func client() async throws -> (train: TrainingClient, sample: SamplingClient, ServiceClient) {
      let service = ServiceClient(ServiceOptions(baseURL: server.url, apiKey: "tml-test"))
      return (
        try await service.createLoraTrainingClient(
          baseModel: "tiny", lora: LoraConfig(rank: 4, seed: 3)),
        try await service.createSamplingClient(baseModel: "tiny"), service
      )
    }
    let alone = try await client()
    let losses = try await Self.train(alone.train)
    let sequences = try await Self.sample(alone.sample)
    #expect(losses.count == Self.steps && losses[Self.steps - 1] < losses[0] / 2, "\(losses)")
    #expect(sequences.allSatisfy { $0.count == 12 })

    // Twenty-five steps of two clients are fifty passes and fifty steps; with them two hundred samples.
    let (one, two) = (try await client(), try await client())
    async let a = Self.train(one.train)
    async let b = Self.train(two.train)
    async let c = Self.sample(one.sample)
    async let d = Self.sample(two.sample)
    let results = try await (a, b, c, d)
    // A step that was lost, done twice or out of order would change every loss behind it.
    #expect(results.0 == losses)
    #expect(results.1 == losses)
    #expect(results.2 == sequences)
    #expect(results.3 == sequences)
    let status = try await server.send("GET", "/status.json").json
    #expect(status["waiting"]?.int == 0 && status["waiting_bytes"]?.int == 0)
    #expect(status["running_samples"]?.int == 0 && status["waiting_samples"]?.int == 0)
    let steps = status["models"]?.array?.compactMap { $0["steps"]?.int } ?? []
    #expect(steps == [Self.steps, Self.steps, Self.steps])
    await server.stop()
  }

  @Test func memoryIsBounded() async throws {
    let state = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: state) }
    let process = try ServedProcess([
      "--model", "tiny=seed:1,vocab=64,width=32,layers=2,context=128",
      "--state", state.path,
    ])
    let service = ServiceClient(ServiceOptions(baseURL: process.url, apiKey: "tml-test"))
    let client = try await service.createLoraTrainingClient(
      baseModel: "tiny", lora: LoraConfig(rank: 4, seed: 3))
    func round() async throws {
      _ = try await Self.train(client)
      // Unnamed weights each time, as reinforcement learning saves them.
      _ = try await Self.sample(try await client.saveWeightsAndGetSamplingClient().value)
    }
    for _ in 0..<3 { try await round() }
    let before = process.residentBytes
    for _ in 0..<6 { try await round() }
    let grown = process.residentBytes - before
    #expect(grown < 48 << 20, "\(grown >> 20) MiB more after 600 samples and 300 requests")
    process.kill()
  }
}
