// Is somebody there, and what can they do? With TINKER_BASE_URL set, the service (or serve-local) is asked;
// otherwise the engine inside this process.
import TinkerKit

let folder = "Fixtures/tokenizers/tiny-qwen3"
let tokenizer = try Tokenizer(contentsOf: folder)
let service: any ServiceBackend =
  if Machine.environmentVariable("TINKER_BASE_URL") != nil {
    ServiceClient()
  } else {
    LocalService(
      LocalConfiguration(
        models: [try .small(tokenizer: folder)], stateFolder: ".build/example-state"))
  }

for model in try await service.supportedModels() {
  print(model.name, "context:", model.maxContextLength ?? 0, "trainable:", model.isTrainable)
}
let trainer = try await service.makeTrainer(baseModel: "demo", lora: LoraConfig(rank: 8, seed: 1))
let tokens = tokenizer.encode("The capital of France is Paris.")
let datum = Datum(
  modelInput: ModelInput(tokens: Array(tokens.dropLast())),
  lossInputs: [
    .init(name: "target_tokens", tensor: TensorData(tokens.dropFirst().map { Int64($0) })),
    .init(name: "weights", tensor: TensorData([Float](repeating: 1, count: tokens.count - 1))),
  ])
let pass = try await trainer.forward([datum], loss: .crossEntropy).value
print("loss of a sentence:", pass.metrics["loss:sum"] ?? 0)
let sampler = try await trainer.makeSampler().value
let answer = try await sampler.sample(
  SampleRequest(
    prompt: ModelInput(tokens: tokenizer.encode("Hello")),
    params: SamplingParams(maxTokens: 5, temperature: 0)))
print("it goes on with:", tokenizer.decode(answer.sequences[0].tokens))

// The service wants to know that its session has ended as it should.
if let client = service as? ServiceClient { try await client.close() }
