import ArgumentParser
import TinkerFiles
import TinkerKit

/// `tinkerkit sample`
struct SampleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Continue a text with a model or checkpoint of the service.",
    discussion: """
      Example:
        tinkerkit sample "Once upon a time" -t Qwen3-8B --base-model Qwen/Qwen3-8B --max-tokens 50

      The text is encoded as it stands; `tinkerkit prompt` shows what a chat template makes of a \
      conversation.
      """)

  @OptionGroup var service: ServiceArguments
  @OptionGroup var tokenizer: TokenizerArguments
  @Argument(help: "The text.") var text: String
  @Option(help: "The base model.") var baseModel: String?
  @Option(help: "The path of a sampler checkpoint.") var modelPath: String?
  @Option(name: [.customShort("n"), .long], help: "The number of continuations.")
  var count = 1
  @Option(help: "The most tokens of a continuation.") var maxTokens = 128
  @Option(help: "What logits are divided by; 0 takes the best token.") var temperature = 1.0
  @Option(help: "The probability that the tokens drawn from add up to.") var topP = 1.0
  @Option(help: "The seed of the draws.") var seed: UInt64?
  @Option(help: "A text that ends a continuation; may be repeated.") var stop: [String] = []

  func validate() throws {
    guard baseModel != nil || modelPath != nil else {
      throw ValidationError("give --base-model or --model-path")
    }
    guard count >= 1, maxTokens >= 1 else {
      throw ValidationError("--count and --max-tokens must be positive")
    }
  }

  func run() async throws {
    let tokenizer = try tokenizer.source().load()
    try await service.perform {
      try await ServiceClient.withSession(service.options) { client in
        let sampler = try await client.createSamplingClient(
          baseModel: baseModel, modelPath: modelPath)
        let params = SamplingParams(
          maxTokens: maxTokens, seed: seed, stop: stop.isEmpty ? nil : .strings(stop),
          temperature: temperature, topP: topP)
        let response = try await sampler.sample(
          SampleRequest(
            prompt: ModelInput(tokens: tokenizer.encode(text)), numSamples: count, params: params))
        for sequence in response.sequences {
          let continuation = tokenizer.decode(sequence.tokens)
          if service.json {
            try service.printOne([
              ("text", .orNull(continuation)),
              ("stop_reason", .orNull(sequence.stopReason.rawValue)),
              ("tokens", .array(sequence.tokens.map { .number(.integer(Int($0))) })),
            ])
          } else {
            try OutputFile.printLine(continuation)
          }
        }
      }
    }
  }
}
