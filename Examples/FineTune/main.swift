// Supervised fine-tuning: fifty questions with their answers, learned by heart in three seconds.
import TinkerKit

let folder = "Fixtures/tokenizers/tiny-qwen3"
let tokenizer = try Tokenizer(contentsOf: folder)
let renderer = try Renderer(named: "qwen3_instruct", tokenizer: tokenizer)

// Who trains: the engine in this process, or whatever TINKER_BASE_URL names.
let service: any ServiceBackend =
  if Machine.environmentVariable("TINKER_BASE_URL") != nil {
    ServiceClient()
  } else {
    LocalService(
      LocalConfiguration(
        models: [try .small(tokenizer: folder)], stateFolder: ".build/example-state"))
  }
let trainer = try await service.makeTrainer(baseModel: "demo", lora: LoraConfig(rank: 16, seed: 1))

let conversations = try TrainingRecords.conversations(path: "Fixtures/training/facts.jsonl")
let data = try ConversationData(conversations, renderer: renderer)
print(data.counts.examples, "examples,", data.counts.lossTokens, "tokens with loss")

// A run tells what happens to whoever wants to know.
struct Losses: RunObserver {
  func observe(_ event: RunEvent) {
    if case .step(let step) = event, step.step % 25 == 0 {
      print("step", step.step, "loss a token", step["train_mean_nll"] ?? .nan)
    }
  }
}

let recipe = try SupervisedTraining(
  data, batchSize: 8, steps: 150,
  settings: RunSettings(learningRate: 3e-3, savesAtEnd: false))
_ = try await recipe.run(
  RunParticipants(
    trainer: trainer, description: RunDescription(recipe: "sft", baseModel: "demo"),
    observers: [Losses()]))

let judge = AnswerEvaluator(conversations, renderer: renderer)
let answers = try await judge.answers(of: try await trainer.makeSampler().value)
for answer in answers.prefix(5) { print(answer.text) }
let right = answers.count { $0.isRight }
print(right, "of", answers.count, "answers are exactly right")
precondition(right == answers.count)

// The service wants to know that its session has ended as it should.
if let client = service as? ServiceClient { try await client.close() }
