import ArgumentParser
import TinkerKit

/// `tinkerkit train dpo`
struct TrainDPO: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dpo",
    abstract: "Teach a model to prefer one answer to another.",
    discussion: """
      A record is {"prompt":[…],"chosen":[…],"rejected":[…]}, each a list of messages; without prompt \
      the other two are whole conversations.

      Example:
        tinkerkit train dpo Fixtures/training/preferences.jsonl --local --steps 20 --batch-size 20 \\
          -t Fixtures/tokenizers/tiny-qwen3 -r qwen3_instruct -o run
      """)

  @OptionGroup var train: TrainArguments
  @Option(help: "The pairs of a step. Default: 8") var batchSize: Int?
  @Option(help: "The passes over the data. Default: 1, unless --steps is given.") var epochs: Int?
  @Option(help: ArgumentHelp("The most tokens of an example.", valueName: "n"))
  var maxLength: Int?
  @Option(help: "The strength of the tie to the start weights. Default: 0.1") var beta: Double?

  private var given: [(String, JSONValue)] {
    var out: [(String, JSONValue)] = []
    if let batchSize { out.append(("batch_size", .orNull(batchSize))) }
    if let epochs { out.append(("epochs", .orNull(epochs))) }
    if let maxLength { out.append(("max_length", .orNull(maxLength))) }
    if let beta { out.append(("beta", .number(.double(beta)))) }
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
    let setting = try TrainSetting(&settings, defaultRate: 1e-3)
    let recipe: PreferenceTraining
    let data: PreferenceData
    do {
      data = try PreferenceData(
        try setting.data.flatMap { try TrainingRecords.pairs(path: $0) },
        renderer: setting.renderer, maxLength: try settings.int("max_length"))
      recipe = try PreferenceTraining(
        data, beta: try settings.double("beta", otherwise: 0.1),
        batchSize: try settings.int("batch_size", otherwise: 8),
        epochs: try settings.int("epochs"), steps: setting.steps, settings: setting.run)
    } catch { throw CommandFailure(reading: error) }
    try settings.finish()
    if train.dryRun {
      return try DryRun.print([
        ("pairs", data.count), ("tokens", data.tokens), ("steps", recipe.steps),
      ])
    }
    let run = TrainRun(
      name: "dpo", arguments: train, setting: setting, configuration: settings.resolved)
    try signals.perform {
      try await run.perform { participants, service in
        try await recipe.run(participants, service: service)
      }
    }
  }
}
