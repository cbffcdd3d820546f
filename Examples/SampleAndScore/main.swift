// Sampling and log-probabilities.
import TinkerKit

let folder = "Fixtures/tokenizers/tiny-qwen3"
let tokenizer = try Tokenizer(contentsOf: folder)
let service = LocalService(
  LocalConfiguration(models: [try .small(tokenizer: folder)], stateFolder: ".build/example-state"))
let sampler = try await service.makeSampler(baseModel: "demo")
let prompt = ModelInput(tokens: tokenizer.encode("The river flows"))

// Four continuations of a seed; the same seed gives them again.
let response = try await sampler.sample(
  SampleRequest(
    prompt: prompt, numSamples: 4, params: SamplingParams(maxTokens: 6, seed: 7, temperature: 0.8)))
for sequence in response.sequences {
  print(tokenizer.decode(sequence.tokens), sequence.stopReason, sequence.logprobs ?? [])
}

// How probable is a text? The first token has nothing before it.
print(try await sampler.computeLogprobs(prompt).map { $0.map { "\($0)" } ?? "-" })

// What else could have stood at each place?
let best = try await sampler.sample(
  SampleRequest(
    prompt: prompt, params: SamplingParams(maxTokens: 1), topKPromptLogprobs: 3))
for place in best.topKPromptLogprobs ?? [] {
  print((place ?? []).map { "\(tokenizer.decode([$0.token])) \($0.logprob)" })
}
