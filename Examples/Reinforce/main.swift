// Reinforcement learning: the model tries, a reward judges, and what is better than average becomes more
// probable. The secret digit is nowhere in the data.
import TinkerKit

let folder = "Fixtures/tokenizers/tiny-qwen3"
let renderer = try Renderer(named: "qwen3_instruct", tokenizer: try Tokenizer(contentsOf: folder))
let service = LocalService(
  LocalConfiguration(models: [try .small(tokenizer: folder)], stateFolder: ".build/example-state"))
let trainer = try await service.makeTrainer(baseModel: "demo", lora: LoraConfig(rank: 16, seed: 1))
let description = RunDescription(recipe: "rl", baseModel: "demo")

// A random model writes random tokens, so it first learns to answer with some digit.
let warmUp = try SupervisedTraining(
  try ConversationData(
    try TrainingRecords.conversations(path: "Fixtures/training/digits-warmup.jsonl"),
    renderer: renderer),
  batchSize: 20, steps: 60,
  settings: RunSettings(learningRate: 2e-3, schedule: .constant, savesAtEnd: false))
_ = try await warmUp.run(RunParticipants(trainer: trainer, description: description))

// A task of one's own: what is asked, and what an answer is worth.
struct SecretDigit: ChatTask {
  let opening = [Message.user("Say the secret digit.")]

  func reply(to response: ParsedResponse) -> ChatReply {
    ChatReply(reward: response.message.content.joinedText == "7" ? 1 : 0)
  }
}

let task = EnvironmentGroup(title: "secret digit") { _ in
  ChatEnvironment(SecretDigit(), renderer: renderer)
}
struct Rewards: RunObserver {
  func observe(_ event: RunEvent) {
    guard case .step(let step) = event else { return }
    print("step", step.step, "mean reward", step["env/all/reward/total"] ?? .nan)
  }
}
let recipe = try PolicyTraining(
  [task], sampling: .init(groupsPerStep: 1, groupSize: 64, maxTokens: 4), steps: 20,
  settings: RunSettings(learningRate: 1e-3, schedule: .constant, savesAtEnd: false))
let summary = try await recipe.run(
  RunParticipants(trainer: trainer, description: description, observers: [Rewards()]))
precondition(summary.lastStep?["env/all/reward/total"] ?? 0 > 0.9)
