import Foundation
import TestSupport
import TinkerData
import TinkerLocal
import TinkerTraining

/// A model of no tokenizer that learns sentences of numbers.
enum TinyRun {
  static let model = ModelConfiguration(
    vocabularySize: 32, hiddenSize: 32, intermediateSize: 48, layers: 2, heads: 4, keyValueHeads: 2,
    headWidth: 8, endTokens: [1], contextLength: 64)

  static func service(_ folder: URL) -> LocalService {
    LocalService(
      LocalConfiguration(
        models: [LocalModel(name: "tiny", source: .seed(1, model, .scaled))],
        stateFolder: folder.path, threads: 1))
  }

  static func trainer(_ folder: URL) async throws -> any TrainingBackend {
    try await service(folder).makeTrainer(baseModel: "tiny", lora: LoraConfig(rank: 4, seed: 2))
  }

  static func participants(
    _ trainer: any TrainingBackend, observers: [any RunObserver] = [],
    resumed: CheckpointRecord? = nil
  ) -> RunParticipants {
    RunParticipants(
      trainer: trainer, description: RunDescription(recipe: "sft", baseModel: "tiny"),
      observers: observers, resumed: resumed)
  }

  static func datum(_ tokens: [UInt32]) -> Datum {
    Datum(
      modelInput: ModelInput(tokens: Array(tokens.dropLast())),
      lossInputs: [
        .init(name: "target_tokens", tensor: TensorData(tokens.dropFirst().map { Int64($0) })),
        .init(
          name: "weights", tensor: TensorData([0] + [Float](repeating: 1, count: tokens.count - 2))),
      ])
  }

  static let sentences: [[UInt32]] = (0..<10).map { [5, 10 + $0, 9, 30 - $0, 20 + $0, 1] }
  static let data: [Datum] = sentences.map(datum)

  static func recipe(
    steps: Int, settings: RunSettings = RunSettings(learningRate: 1e-2)
  ) throws -> SupervisedTraining {
    try SupervisedTraining(data, batchSize: 4, steps: steps, settings: settings)
  }

  /// Runs a body with an empty folder.
  static func withFolder(_ body: (URL) async throws -> Void) async throws {
    let folder = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder)
  }
}
