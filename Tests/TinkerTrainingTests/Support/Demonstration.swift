import Foundation
import TestSupport
import TinkerData
import TinkerLocal
import TinkerRendering
import TinkerTokenizer
import TinkerTraining
import TinkerVision

/// What the proofs run on: the small model over the fixtures.
struct Demonstration {
  static let tokenizerFolder = Places.fixtures.appending(path: "tokenizers/tiny-qwen3").path
  static func file(_ name: String) -> String {
    Places.fixtures.appending(path: "training/\(name).jsonl").path
  }

  let service: LocalService
  let renderer: Renderer

  init(_ folder: URL, seesImages: Bool = false) throws {
    let tokenizer = try Tokenizer(contentsOf: Self.tokenizerFolder)
    service = LocalService(
      LocalConfiguration(
        models: [try .small(tokenizer: Self.tokenizerFolder, seesImages: seesImages)],
        stateFolder: folder.path))
    let images = VisionChunkMaker(
      size: .qwen(
        try QwenSizeRule(patchSize: 16, mergeSize: 2, minPixels: 4096, maxPixels: 16_777_216)))
    renderer = try Renderer(
      named: seesImages ? "qwen3_vl_instruct" : "qwen3_instruct", tokenizer: tokenizer,
      images: seesImages ? images : nil)
  }

  func trainer(rank: Int = 16, seed: UInt64 = 1) async throws -> any TrainingBackend {
    try await service.makeTrainer(baseModel: "demo", lora: LoraConfig(rank: rank, seed: seed))
  }

  func facts() throws -> [Conversation] {
    try TrainingRecords.conversations(path: Self.file("facts"))
  }

  static func participants(
    _ recipe: String, _ trainer: any TrainingBackend, _ observers: [any RunObserver]
  ) -> RunParticipants {
    RunParticipants(
      trainer: trainer, description: RunDescription(recipe: recipe, baseModel: "demo"),
      observers: observers)
  }
}
