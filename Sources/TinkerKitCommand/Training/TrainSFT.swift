import ArgumentParser
import TinkerKit

/// `tinkerkit train sft`
struct TrainSFT: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sft",
    abstract: "Teach a model to write what conversations say.",
    discussion: """
      Example:
        tinkerkit train sft Fixtures/training/facts.jsonl --local -o run \\
          -t Fixtures/tokenizers/tiny-qwen3 -r qwen3_instruct --steps 150
      """)

  @OptionGroup var train: TrainArguments
  @Option(help: "The examples of a step. Default: 8") var batchSize: Int?
  @Option(help: "The passes over the data. Default: 1, unless --steps is given.") var epochs: Int?
  @Option(help: ArgumentHelp("The most tokens of an example.", valueName: "n"))
  var maxLength: Int?
  @Option(help: ArgumentHelp("Which messages are trained.", valueName: "mode"))
  var trainOn: TrainOn?
  @Option(help: "What becomes of an example's weights: none or mean. Default: none")
  var reduction: String?

  private var given: [(String, JSONValue)] {
    var out: [(String, JSONValue)] = []
    if let batchSize { out.append(("batch_size", .orNull(batchSize))) }
    if let epochs { out.append(("epochs", .orNull(epochs))) }
    if let maxLength { out.append(("max_length", .orNull(maxLength))) }
    if let trainOn { out.append(("train_on", .orNull(trainOn.rawValue))) }
    if let reduction { out.append(("reduction", .orNull(reduction))) }
    return out
  }

  func validate() throws {
    if train.resume != nil, !given.isEmpty {
      throw ValidationError("with --resume the run has its own settings")
    }
  }

  func run() throws {
    let signals = RunSignals()
    var settings = try train.settings(given)
    let setting = try TrainSetting(&settings, defaultRate: 3e-3)
    let recipe: SupervisedTraining
    let data: ConversationData
    do {
      let records = try setting.data.flatMap { try TrainingRecords.conversations(path: $0) }
      data = try ConversationData(
        records, renderer: setting.renderer,
        settings: .init(
          trainOn: try settings.choice("train_on", otherwise: .allAssistantMessages),
          maxLength: try settings.int("max_length"),
          reduction: try settings.choice("reduction", otherwise: .none)))
      recipe = try SupervisedTraining(
        data, batchSize: try settings.int("batch_size", otherwise: 8),
        epochs: try settings.int("epochs"), steps: setting.steps, settings: setting.run,
        tokenizer: setting.renderer.tokenizer)
    } catch { throw CommandFailure(reading: error) }
    try settings.finish()
    if train.dryRun {
      let counts = data.counts
      return try DryRun.print([
        ("conversations", counts.conversations), ("examples", counts.examples),
        ("tokens", counts.tokens), ("loss_tokens", counts.lossTokens),
        ("untrained", counts.untrained), ("cut", counts.cut), ("steps", recipe.steps),
        ("tokens_of_the_run", counts.tokens * recipe.exampleCount / data.count),
      ])
    }
    let run = TrainRun(
      name: "sft", arguments: train, setting: setting, configuration: settings.resolved)
    try signals.perform {
      try await run.perform { participants, _ in try await recipe.run(participants) }
    }
  }
}
