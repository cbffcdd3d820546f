// Checkpoints: a run dies, and another process could go on with exactly the losses that it would have had.
import TinkerKit

let folder = "Fixtures/tokenizers/tiny-qwen3"
let renderer = try Renderer(named: "qwen3_instruct", tokenizer: try Tokenizer(contentsOf: folder))
let service = LocalService(
  LocalConfiguration(models: [try .small(tokenizer: folder)], stateFolder: ".build/example-state"))
let data = try ConversationData(
  try TrainingRecords.conversations(path: "Fixtures/training/facts.jsonl"), renderer: renderer)
let recipe = try SupervisedTraining(
  data, batchSize: 8, steps: 40, settings: RunSettings(learningRate: 3e-3, saveEvery: 10))
let description = RunDescription(recipe: "sft", baseModel: "demo")

/// Keeps the losses, and dies after some steps, as a process may.
actor Watcher: RunObserver {
  struct Death: Error {}
  var losses: [Double] = []
  var checkpoint: CheckpointRecord?
  let last: Int?
  init(last: Int? = nil) { self.last = last }

  func observe(_ event: RunEvent) throws {
    if case .checkpoint(let record) = event { checkpoint = record }
    guard case .step(let step) = event else { return }
    losses.append(step["train_mean_nll"] ?? .nan)
    if step.step == last { throw Death() }
  }
}

func train(
  _ watcher: Watcher, from checkpoint: CheckpointRecord? = nil
) async throws -> RunSummary {
  let trainer =
    if let path = checkpoint?.statePath {
      try await service.makeTrainer(fromState: path, withOptimizer: true)
    } else {
      try await service.makeTrainer(baseModel: "demo", lora: LoraConfig(rank: 16, seed: 1))
    }
  return try await recipe.run(
    RunParticipants(
      trainer: trainer, description: description, observers: [watcher], resumed: checkpoint))
}

let whole = Watcher()
_ = try await train(whole)

let first = Watcher(last: 17)
do { _ = try await train(first) } catch is Watcher.Death { print("the run has died at step 17") }
guard let checkpoint = await first.checkpoint else { preconditionFailure("step 10 was saved") }
print("it goes on before step", checkpoint.batch, "from", checkpoint.statePath ?? "")

let second = Watcher()
_ = try await train(second, from: checkpoint)
let together = await Array(first.losses.prefix(checkpoint.batch)) + second.losses
let same = await whole.losses == together
print("the losses are the same:", same)
precondition(same)
