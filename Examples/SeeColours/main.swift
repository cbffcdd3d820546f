// Vision fine-tuning: coloured shapes as pictures, and the question what colour they have.
import TinkerKit

let folder = "Fixtures/tokenizers/tiny-qwen3"
let images = VisionChunkMaker(
  size: .qwen(
    try QwenSizeRule(patchSize: 16, mergeSize: 2, minPixels: 4096, maxPixels: 1 << 24)))
let renderer = try Renderer(
  named: "qwen3_vl_instruct", tokenizer: try Tokenizer(contentsOf: folder), images: images)
let service = LocalService(
  LocalConfiguration(
    models: [try .small(tokenizer: folder, seesImages: true)], stateFolder: ".build/example-state"))
let trainer = try await service.makeTrainer(baseModel: "demo", lora: LoraConfig(rank: 16, seed: 1))

let data = try ConversationData(
  try TrainingRecords.conversations(path: "Fixtures/training/shapes-train.jsonl"),
  renderer: renderer)
let recipe = try SupervisedTraining(
  data, batchSize: 16, steps: 100,
  settings: RunSettings(learningRate: 3e-3, savesAtEnd: false))
_ = try await recipe.run(
  RunParticipants(trainer: trainer, description: RunDescription(recipe: "sft", baseModel: "demo")))

let unseen = try TrainingRecords.conversations(path: "Fixtures/training/shapes-test.jsonl")
let answers = try await AnswerEvaluator(unseen, renderer: renderer, maxTokens: 8)
  .answers(of: try await trainer.makeSampler().value)
print(
  answers.count { $0.isRight }, "of", answers.count, "held-out pictures have their colour named")
