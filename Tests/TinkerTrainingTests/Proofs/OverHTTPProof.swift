import Foundation
import TestSupport
import Testing
import TinkerClient
import TinkerData
import TinkerLocal
import TinkerServer
import TinkerTraining

/// A recipe does not know who trains: over HTTP it has the numbers that it has in process.
@Suite(.enabled(if: Proofs.areOn, Proofs.hint)) struct OverHTTPProof {
  /// Runs a body with a client of a server over the demonstration's model.
  static func withClient(
    seesImages: Bool = false, _ body: (ServiceClient) async throws -> Void
  ) async throws {
    try await TinyRun.withFolder { folder in
      var options = ServerOptions(
        LocalConfiguration(
          models: [
            try .small(tokenizer: Demonstration.tokenizerFolder, seesImages: seesImages)
          ], stateFolder: folder.path))
      options.port = 0
      let server = try await LocalServer(options)
      let running = Task { await server.run() }
      defer { running.cancel() }
      let client = ServiceOptions(baseURL: server.url, apiKey: "tml-local")
      try await ServiceClient.withSession(client) { try await body($0) }
    }
  }

  /// The losses of a supervised run and the rewards of a policy that goes on from it.
  static func curves(
    _ service: any ServiceBackend, _ demonstration: Demonstration
  ) async throws -> [[Double]] {
    let trainer = try await service.makeTrainer(
      baseModel: "demo", lora: LoraConfig(rank: 16, seed: 1))
    let supervised = Witness()
    let data = try ConversationData(
      try TrainingRecords.conversations(path: Demonstration.file("digits-warmup")),
      renderer: demonstration.renderer)
    _ = try await SupervisedTraining(
      data, batchSize: 20, steps: 30,
      settings: RunSettings(learningRate: 2e-3, schedule: .cosine, savesAtEnd: false)
    ).run(Demonstration.participants("sft", trainer, [supervised]))
    let policy = Witness()
    _ = try await PolicyTraining(
      try PolicyProof.tasks("digits", demonstration.renderer),
      sampling: .init(groupsPerStep: 3, groupSize: 8, maxTokens: 4), steps: 3,
      settings: RunSettings(learningRate: 1e-3, schedule: .constant, savesAtEnd: false)
    ).run(Demonstration.participants("rl", trainer, [policy]))
    return [
      supervised.curve("train_mean_nll"), policy.curve("env/all/reward/total"),
      policy.curve("optim/entropy"), policy.curve("optim/sample_train_gap_max"),
    ]
  }

  @Test func numbersAreTheSame() async throws {
    var inProcess: [[Double]] = []
    try await TinyRun.withFolder { folder in
      let demonstration = try Demonstration(folder)
      inProcess = try await Self.curves(demonstration.service, demonstration)
    }
    try await Self.withClient { client in
      try await TinyRun.withFolder { folder in
        let overHTTP = try await Self.curves(client, try Demonstration(folder))
        #expect(overHTTP == inProcess)
        #expect(inProcess[0].count == 30 && inProcess[3].allSatisfy { $0 == 0 })
      }
    }
  }

  @Test func seesColours() async throws {
    try await Self.withClient(seesImages: true) { client in
      try await TinyRun.withFolder { folder in
        let demonstration = try Demonstration(folder, seesImages: true)
        let trainer = try await client.makeTrainer(
          baseModel: "demo", lora: LoraConfig(rank: 16, seed: 1))
        let clock = ContinuousClock()
        let start = clock.now
        let share = try await PolicyProof.coloursNamed(by: trainer, demonstration)
        print("vision over HTTP: held-out colours", share, "took", clock.now - start)
        #expect(share == 1)
      }
    }
  }
}
