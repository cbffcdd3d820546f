import ArgumentParser
import TinkerFiles
import TinkerKit

/// What all recipes share. Every option is also a setting of a configuration file, under the same name with
/// `_` in place of `-`; an option wins over the file.
struct TrainArguments: ParsableArguments {
  @Argument(help: ArgumentHelp("The data, JSON Lines.", valueName: "data"))
  var data: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The folder of the run, which must be new.", valueName: "folder"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Go on with the run in a folder, from its last checkpoint; it has its settings.",
      valueName: "folder"))
  var resume: String?

  @Option(help: ArgumentHelp("A file of settings, JSON.", valueName: "file"))
  var config: String?

  @Flag(help: "Count examples, tokens and steps, and train nothing.")
  var dryRun = false

  @Flag(help: "Print no progress.")
  var quiet = false

  @OptionGroup var local: LocalArguments
  @Option(help: "The address of the service. By default TINKER_BASE_URL, or the public service.")
  var baseUrl: String?
  @Option(help: ArgumentHelp("The longest wait for one operation.", valueName: "seconds"))
  var deadline: Int?

  @OptionGroup var tokenizer: TokenizerArguments
  @Option(name: .shortAndLong, help: "The renderer, for example qwen3 or llama3.")
  var renderer: String?
  @Option(
    name: .customLong("renderer-option"),
    help: ArgumentHelp("An option of the renderer; may be repeated.", valueName: "key=value"))
  var rendererOptions: [String] = []
  @OptionGroup var images: ImageProcessorArguments

  @Option(help: "The base model, by the service's name. Default: --model.")
  var baseModel: String?
  @Option(
    help: ArgumentHelp(
      "Begin with the weights of a checkpoint, with a new optimizer.", valueName: "path"))
  var startFrom: String?
  @Option(help: "The rank of the adapters. Default: 32")
  var rank: Int?
  @Option(help: "The learning rate. Default: the rule of the model's family.")
  var learningRate: Double?
  @Option(help: "linear, cosine or constant. Default: linear")
  var schedule: String?
  @Option(help: "The number of steps.") var steps: Int?
  @Option(help: "The seed of everything that is drawn. Default: 0") var seed: Int?
  @Option(help: "Save a checkpoint after so many steps. Default: at the end only.")
  var saveEvery: Int?
  @Option(
    help: ArgumentHelp("Conversations whose answers are asked for, JSON Lines.", valueName: "file"))
  var eval: String?
  @Option(help: "Ask after so many steps. Default: at the end only.") var evalEvery: Int?

  func validate() throws {
    if let resume {
      guard output == nil, config == nil, data.isEmpty, given.isEmpty, !dryRun else {
        throw ValidationError(
          "with --resume the run in \(resume) has its own settings: other options have no effect")
      }
    } else if output == nil, !dryRun {
      throw ValidationError("give the folder of the run: --output FOLDER")
    }
    if dryRun, output != nil {
      throw ValidationError("--output has no effect with --dry-run")
    }
  }

  /// The settings that were given as options.
  var given: [(String, JSONValue)] {
    var out = local.given
    func add(_ name: String, _ value: String?) {
      if let value { out.append((name, .orNull(value))) }
    }
    func add(_ name: String, _ value: Int?) {
      if let value { out.append((name, .orNull(value))) }
    }
    if !data.isEmpty { out.append(("data", .array(data.map { .orNull($0) }))) }
    add("base_url", baseUrl)
    add("deadline", deadline)
    add("tokenizer", tokenizer.tokenizer)
    add("model", tokenizer.model)
    add("renderer", renderer)
    if !rendererOptions.isEmpty {
      out.append(("renderer_options", .array(rendererOptions.map { .orNull($0) })))
    }
    add("image_preset", images.imagePreset?.rawValue)
    add("image_config", images.imageConfig)
    add("base_model", baseModel)
    add("start_from", startFrom)
    add("rank", rank)
    if let learningRate { out.append(("learning_rate", .number(.double(learningRate)))) }
    add("schedule", schedule)
    add("steps", steps)
    add("seed", seed)
    add("save_every", saveEvery)
    add("eval", eval)
    add("eval_every", evalEvery)
    return out
  }

  /// All settings: those of a run that goes on, or the file's and the options'.
  func settings(_ more: [(String, JSONValue)]) throws(CommandFailure) -> TrainSettings {
    if let resume { return try TrainSettings(resuming: resume) }
    return try TrainSettings(file: config, flags: given + more)
  }
}
