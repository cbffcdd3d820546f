import TinkerFiles
import TinkerKit

/// What the shared settings of a recipe come to: the backend, the renderer, the numbers of the run.
struct TrainSetting {
  let backend: Backend
  let baseModel: String
  let renderer: Renderer
  let run: RunSettings
  let steps: Int?
  let data: [String]
  let startFrom: String?
  let lora: LoraConfig
  let evaluators: [any Evaluator]

  /// Reads the shared settings.
  ///
  /// - Parameters:
  ///   - settings: The settings; what is read is noted there.
  ///   - defaultRate: The learning rate with the embedded engine, unless one is given.
  /// - Throws: `CommandFailure` that names the setting.
  init(_ settings: inout TrainSettings, defaultRate: Double) throws(CommandFailure) {
    data = try settings.texts("data")
    guard !data.isEmpty else {
      throw CommandFailure(.usage, "no data are given: name files in JSON Lines")
    }
    let model = try settings.text("model")
    guard let source = try settings.text("tokenizer") ?? model else {
      throw CommandFailure(
        .usage, "no tokenizer is given: use --tokenizer with a folder or a file, or --model")
    }
    let tokenizerSource = try TokenizerSource(source)
    let images = try Self.images(&settings)
    renderer = try Self.renderer(
      &settings, model: model, tokenizer: try tokenizerSource.load(), images: images)
    (backend, baseModel) = try Self.backend(
      &settings, model: model, tokenizer: tokenizerSource.path, seesImages: images != nil)
    steps = try settings.int("steps")
    startFrom = try settings.text("start_from")
    let seed = UInt64(clamping: try settings.int("seed", otherwise: 0))
    if startFrom != nil {
      try settings.refuse("rank", "with --start-from, which has its adapters")
      settings.note("rank", .null)
      lora = LoraConfig(seed: seed)
    } else {
      lora = LoraConfig(rank: try settings.int("rank", otherwise: 32), seed: seed)
    }
    run = try Self.run(&settings, baseModel: baseModel, seed: seed, defaultRate: defaultRate)
    evaluators = try Self.evaluators(&settings, renderer)
  }

  private static func images(
    _ settings: inout TrainSettings
  ) throws(CommandFailure) -> VisionChunkMaker? {
    var arguments = ImageProcessorArguments()
    let preset = try settings.text("image_preset")
    arguments.imagePreset = preset.flatMap { ImagePreset(rawValue: $0) }
    if let preset, arguments.imagePreset == nil {
      throw CommandFailure(.usage, "image_preset: there is no processor '\(preset)'")
    }
    arguments.imageConfig = try settings.text("image_config")
    return try arguments.configuration().map { VisionChunkMaker(size: $0.size) }
  }

  private static func renderer(
    _ settings: inout TrainSettings, model: String?, tokenizer: Tokenizer,
    images: VisionChunkMaker?
  ) throws(CommandFailure) -> Renderer {
    var arguments = RendererArguments()
    arguments.renderer = try settings.text("renderer")
    arguments.options = try settings.texts("renderer_options")
    arguments.strict = false
    arguments.plainText = false
    let renderer = try arguments.make(model: model, tokenizer: tokenizer, images: images)
    settings.note("renderer", .orNull(renderer.name))
    return renderer
  }

  private static func backend(
    _ settings: inout TrainSettings, model: String?, tokenizer: String, seesImages: Bool
  ) throws(CommandFailure) -> (backend: Backend, baseModel: String) {
    if try settings.flag("local") {
      for name in ["base_url", "deadline", "base_model"] {
        try settings.refuse(name, "with --local")
      }
      let localModel = try settings.text("local_model")
      let state = try settings.text("state") ?? Backend.defaultState
      settings.note("state", .orNull(state))
      let made = try Backend.engine(
        model: localModel, state: state, tokenizer: tokenizer, seesImages: seesImages)
      return made
    }
    for name in ["local_model", "state"] { try settings.refuse(name, "without --local") }
    guard let name = try settings.text("base_model") ?? model else {
      throw CommandFailure(
        .usage, "no base model is given: use --base-model, --model, or --local for none")
    }
    settings.note("base_model", .orNull(name))
    var service = ServiceArguments()
    service.baseUrl = try settings.text("base_url")
    service.deadline = try settings.int("deadline")
    service.json = false
    return (.service(ServiceClient(service.options)), name)
  }

  private static func run(
    _ settings: inout TrainSettings, baseModel: String, seed: UInt64, defaultRate: Double
  ) throws(CommandFailure) -> RunSettings {
    let rate: Double
    if let given = try settings.double("learning_rate") {
      rate = given
    } else if try settings.flag("local") {
      rate = defaultRate
    } else {
      do throws(TrainingError) { rate = try RecommendedLearningRate.rate(for: baseModel) } catch {
        throw CommandFailure(error)
      }
    }
    settings.note("learning_rate", .number(.double(rate)))
    let every = try settings.int("eval_every")
    return RunSettings(
      learningRate: rate, schedule: try settings.choice("schedule", otherwise: .linear),
      seed: seed, saveEvery: try settings.int("save_every"), evaluateEvery: every ?? Int.max)
  }

  private static func evaluators(
    _ settings: inout TrainSettings, _ renderer: Renderer
  ) throws(CommandFailure) -> [any Evaluator] {
    guard let path = try settings.text("eval") else {
      try settings.refuse("eval_every", "without --eval")
      return []
    }
    do {
      let records = try TrainingRecords.conversations(path: path)
      return [AnswerEvaluator(records, renderer: renderer)]
    } catch { throw CommandFailure(reading: error) }
  }

  /// Makes the trainer, or the one of a checkpoint.
  func trainer(
    _ service: any ServiceBackend, resumed: CheckpointRecord?
  ) async throws -> any TrainingBackend {
    if let path = resumed?.statePath {
      return try await service.makeTrainer(fromState: path, withOptimizer: true)
    }
    if let startFrom {
      return try await service.makeTrainer(fromState: startFrom, withOptimizer: false)
    }
    return try await service.makeTrainer(baseModel: baseModel, lora: lora)
  }
}

extension CommandFailure {
  /// What went wrong while data were read or prepared.
  init(reading error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let error as TrainingError: self.init(error)
    case let error as FileError: self.init(error)
    case let error as LocalError: self.init(error)
    default: self.init(.badInput, "\(error)")
    }
  }
}
