import ArgumentParser
import TinkerFiles
import TinkerKit

/// `tinkerkit sample`
struct SampleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Continue a text, or answer a message, with a model or checkpoint.",
    discussion: """
      Example:
        tinkerkit sample "Once upon a time" -t Qwen3-8B --base-model Qwen/Qwen3-8B --max-tokens 50

      The text is encoded as it stands, unless --renderer makes a prompt of it.
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

  @OptionGroup var local: LocalArguments
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Take the text for a user's message: render the prompt, parse the answer.", valueName: "name")
  )
  var renderer: String?

  func validate() throws {
    if local.local {
      for (name, isGiven) in [
        ("--base-url", service.baseUrl != nil), ("--deadline", service.deadline != nil),
        ("--base-model", baseModel != nil),
      ] where isGiven { throw ValidationError("\(name) has no effect with --local") }
    } else {
      for (name, value) in [("--local-model", local.localModel), ("--state", local.state)] {
        if value != nil { throw ValidationError("\(name) has no effect without --local") }
      }
      guard baseModel != nil || modelPath != nil else {
        throw ValidationError("give --base-model or --model-path")
      }
    }
    guard count >= 1, maxTokens >= 1 else {
      throw ValidationError("--count and --max-tokens must be positive")
    }
  }

  func run() async throws {
    let source = try tokenizer.source()
    let tokenizer = try source.load()
    let chat = try renderer(over: tokenizer)
    try await service.perform {
      do {
        if local.local {
          let made = try Backend.engine(
            model: local.localModel, state: local.state, tokenizer: source.path, seesImages: false)
          let ports = made.backend.ports
          let sampler =
            if let modelPath { try await ports.makeSampler(path: modelPath) } else {
              try await ports.makeSampler(baseModel: made.baseModel)
            }
          return try await sample(sampler, tokenizer, chat)
        }
        try await ServiceClient.withSession(service.options) { client in
          try await sample(
            try await client.createSamplingClient(baseModel: baseModel, modelPath: modelPath),
            tokenizer, chat)
        }
      } catch let error as LocalError { throw CommandFailure(error) }
    }
  }

  private func renderer(over tokenizer: Tokenizer) throws(CommandFailure) -> Renderer? {
    guard let renderer else { return nil }
    do throws(RenderingError) { return try Renderer(named: renderer, tokenizer: tokenizer) } catch {
      throw CommandFailure(.usage, error.message)
    }
  }

  private func sample(
    _ sampler: any SamplingBackend, _ tokenizer: Tokenizer, _ chat: Renderer?
  ) async throws {
    let prompt =
      try chat?.generationPrompt(for: [.user(text)]).modelInput
      ?? ModelInput(tokens: tokenizer.encode(text))
    let params = SamplingParams(
      maxTokens: maxTokens, seed: seed,
      stop: stop.isEmpty ? chat?.samplingStop : .strings(stop), temperature: temperature,
      topP: topP)
    let response = try await sampler.sample(
      SampleRequest(prompt: prompt, numSamples: count, params: params))
    for sequence in response.sequences {
      let continuation =
        try chat?.parse(sequence.tokens).message.content.flattened()
        ?? tokenizer.decode(sequence.tokens)
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
