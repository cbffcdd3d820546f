// Direct preference optimisation: of two answers to a question, one is wanted.
import TinkerKit

let folder = "Fixtures/tokenizers/tiny-qwen3"
let renderer = try Renderer(named: "qwen3_instruct", tokenizer: try Tokenizer(contentsOf: folder))
let service = LocalService(
  LocalConfiguration(models: [try .small(tokenizer: folder)], stateFolder: ".build/example-state"))
let trainer = try await service.makeTrainer(baseModel: "demo", lora: LoraConfig(rank: 16, seed: 1))

let pairs = [
  PreferencePair(
    chosen: [.user("How are you?"), .assistant("Well, thank you.")],
    rejected: [.user("How are you?"), .assistant("None of your business.")]),
  PreferencePair(
    chosen: [.user("What is 2 + 2?"), .assistant("4")],
    rejected: [.user("What is 2 + 2?"), .assistant("As a language model I think it may be 4.")]),
]
struct Margins: RunObserver {
  func observe(_ event: RunEvent) {
    guard case .step(let step) = event, step.step % 5 == 4 else { return }
    print(
      "step", step.step, "accuracy", step["accuracy"] ?? .nan, "margin", step["margin"] ?? .nan)
  }
}
let recipe = try PreferenceTraining(
  try PreferenceData(pairs, renderer: renderer), batchSize: 2, steps: 20,
  settings: RunSettings(learningRate: 1e-3, schedule: .constant, savesAtEnd: false))
let summary = try await recipe.run(
  RunParticipants(
    trainer: trainer, description: RunDescription(recipe: "dpo", baseModel: "demo"),
    observers: [Margins()]), service: service)
precondition(summary.lastStep?["accuracy"] == 1)
