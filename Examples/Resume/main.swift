// Checkpoints: a run is stopped, and another process could go on with exactly the losses that it would have had.
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

/// Keeps the losses, and stops the run's task after some steps.
actor Watcher: RunObserver {
  var losses: [Double] = []
  let last: Int
  init(last: Int) { self.last = last }

  func observe(_ event: RunEvent) {
    guard case .step(let step) = event else { return }
    losses.append(step["train_mean_nll"] ?? .nan)
    if step.step == last { withUnsafeCurrentTask { $0?.cancel() } }
  }
}

func train(_ watcher: Watcher, from checkpoint: CheckpointRecord? = nil) async throws -> RunSummary
{
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

let whole = Watcher(last: -1)
_ = try await train(whole)

let first = Watcher(last: 17)
let stopped = try await Task { try await train(first) }.value
guard case .interrupted(let checkpoint?) = stopped.ending else {
  preconditionFailure("the run was stopped")
}
print("stopped before step", checkpoint.batch, "with", checkpoint.statePath ?? "")

let second = Watcher(last: -1)
_ = try await train(second, from: checkpoint)
let together = await first.losses + second.losses
print("the losses are the same:", await whole.losses == together)
precondition(await whole.losses == together)
