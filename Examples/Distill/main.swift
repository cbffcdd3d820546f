// On-policy distillation: the student writes, the teacher scores every token of it, and the student moves
// towards what the teacher finds more probable.
import TinkerKit

let folder = "Fixtures/tokenizers/tiny-qwen3"
let renderer = try Renderer(named: "qwen3_instruct", tokenizer: try Tokenizer(contentsOf: folder))
let service = LocalService(
  LocalConfiguration(models: [try .small(tokenizer: folder)], stateFolder: ".build/example-state"))
let conversations = try TrainingRecords.conversations(path: "Fixtures/training/facts.jsonl")
let data = try ConversationData(conversations, renderer: renderer)

func taught(steps: Int, seed: UInt64) async throws -> any TrainingBackend {
  let trainer = try await service.makeTrainer(
    baseModel: "demo", lora: LoraConfig(rank: 16, seed: seed))
  let recipe = try SupervisedTraining(
    data, batchSize: 8, steps: steps,
    settings: RunSettings(learningRate: 3e-3, schedule: .constant, savesAtEnd: false))
  _ = try await recipe.run(
    RunParticipants(trainer: trainer, description: RunDescription(recipe: "sft", baseModel: "demo"))
  )
  return trainer
}
let teacher = try await taught(steps: 100, seed: 1).makeSampler().value
let student = try await taught(steps: 20, seed: 2)

let tasks = conversations.prefix(16).map { conversation in
  EnvironmentGroup(title: "question") { _ in
    ChatEnvironment(
      AnswerTask(Array(conversation.messages.dropLast()), expected: ""), renderer: renderer)
  }
}
struct Divergences: RunObserver {
  func observe(_ event: RunEvent) {
    guard case .step(let step) = event, step.step % 5 == 0 else { return }
    print("step", step.step, "teacher_kl", step["teacher_kl"] ?? .nan)
  }
}
let recipe = try PolicyTraining(
  Array(tasks), sampling: .init(groupsPerStep: 8, groupSize: 8, maxTokens: 12), steps: 41,
  settings: RunSettings(learningRate: 2e-3, savesAtEnd: false),
  reference: ReferenceTerm(.teacher, teacher))
_ = try await recipe.run(
  RunParticipants(
    trainer: student, description: RunDescription(recipe: "distill", baseModel: "demo"),
    observers: [Divergences()]))
