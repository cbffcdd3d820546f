import ArgumentParser
import TinkerKit

/// `tinkerkit train rl`
struct TrainRL: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rl",
    abstract: "Let a model try, and reward the right answers.",
    discussion: """
      A record is {"messages":[…],"answer":"…"}: a question and its right answer, which earns 1. Rewards \
      of other kinds, several turns and tools are a few lines of Swift: see the protocol ChatTask.

      Example:
        tinkerkit train rl Fixtures/training/secret.jsonl --local -t Fixtures/tokenizers/tiny-qwen3 \\
          -r qwen3_instruct --group-size 64 --max-tokens 4 --steps 12 -o run
      """)

  @OptionGroup var train: TrainArguments
  @Option(help: "The tasks of a step. Default: as many as there are, at most 16")
  var groupsPerStep: Int?
  @Option(help: "The samples of a task. Default: 16") var groupSize: Int?
  @Option(help: "The most tokens of an answer. Default: 64") var maxTokens: Int?
  @Option(help: "What logits are divided by. Default: 1") var temperature: Double?
  @Option(help: "By how many steps samples may be older than the weights they train. Default: 0")
  var maxStaleness: Int?
  @Option(help: "When an answer is right: exact or contains. Default: exact") var match: String?
  @Option(help: "centred or standardised. Default: centred") var advantage: String?
  @Option(help: "importance_sampling, ppo, cispo, dro or gspo. Default: importance_sampling")
  var loss: String?
  @Option(help: "The beta of dro.") var droBeta: Double?
  @Option(help: "The penalty for leaving the base model. Default: 0") var klCoefficient: Double?
  @Option(help: "The discount of the penalty over the future. Default: 0") var klDiscount: Double?

  private var given: [(String, JSONValue)] {
    var out: [(String, JSONValue)] = []
    for (name, value) in [
      ("groups_per_step", groupsPerStep), ("group_size", groupSize), ("max_tokens", maxTokens),
      ("max_staleness", maxStaleness),
    ] {
      if let value { out.append((name, .orNull(value))) }
    }
    for (name, value) in [
      ("temperature", temperature), ("dro_beta", droBeta), ("kl_coefficient", klCoefficient),
      ("kl_discount", klDiscount),
    ] {
      if let value { out.append((name, .number(.double(value)))) }
    }
    for (name, value) in [("match", match), ("advantage", advantage), ("loss", loss)] {
      if let value { out.append((name, .orNull(value))) }
    }
    return out
  }

  func validate() throws {
    if train.resume != nil, !given.isEmpty {
      throw ValidationError("with --resume the run has its own settings")
    }
  }

  /// The losses that take advantages.
  private enum Loss: String, CaseIterable {
    case importanceSampling = "importance_sampling"
    case ppo
    case cispo
    case dro
    case gspo
  }

  private static func loss(
    _ settings: inout TrainSettings
  ) throws(CommandFailure) -> LossFunction {
    let loss: Loss = try settings.choice("loss", otherwise: .importanceSampling)
    guard loss == .dro else {
      try settings.refuse("dro_beta", "without --loss dro")
      return LossFunction(name: loss.rawValue)
    }
    guard let beta = try settings.double("dro_beta") else {
      throw CommandFailure(.usage, "--loss dro needs --dro-beta")
    }
    return .dro(beta: beta)
  }

  func run() throws {
    let signals = RunSignals()
    var settings = try train.settings(given)
    let setting = try TrainSetting(&settings, defaultRate: 1e-3)
    let match: AnswerTask.Match = try settings.choice("match", otherwise: .exact)
    let advantage: GroupAdvantage = try settings.choice("advantage", otherwise: .centred)
    let loss = try Self.loss(&settings)
    let coefficient = try settings.double("kl_coefficient", otherwise: 0)
    if coefficient == 0 { try settings.refuse("kl_discount", "without --kl-coefficient") }
    let discount = try settings.double("kl_discount", otherwise: 0)
    let groups: [EnvironmentGroup]
    do {
      groups = try setting.data.flatMap { try TrainingRecords.questions(path: $0) }.map {
        EnvironmentGroup(
          AnswerTask($0.messages, expected: $0.answer, match: match),
          title: $0.messages.last?.content.joinedText ?? "", expected: $0.answer,
          renderer: setting.renderer)
      }
    } catch { throw CommandFailure(reading: error) }
    let sampling = PolicyTraining.Sampling(
      groupsPerStep: try settings.int("groups_per_step", otherwise: min(16, groups.count)),
      groupSize: try settings.int("group_size", otherwise: 16),
      maxTokens: try settings.int("max_tokens", otherwise: 64),
      temperature: try settings.double("temperature", otherwise: 1),
      maxStaleness: try settings.int("max_staleness", otherwise: 0))
    try settings.finish()
    let recipe = { @Sendable (reference: ReferenceTerm?) throws(TrainingError) in
      try PolicyTraining(
        groups, sampling: sampling, steps: setting.steps, settings: setting.run,
        advantage: advantage, loss: loss, reference: reference,
        tokenizer: setting.renderer.tokenizer)
    }
    let plan: PolicyTraining
    do throws(TrainingError) { plan = try recipe(nil) } catch { throw CommandFailure(error) }
    if train.dryRun {
      return try DryRun.print([
        ("tasks", groups.count), ("steps", plan.steps),
        ("samples_a_step", sampling.groupsPerStep * sampling.groupSize),
        ("most_tokens_a_step", sampling.groupsPerStep * sampling.groupSize * sampling.maxTokens),
      ])
    }
    let run = TrainRun(
      name: "rl", arguments: train, setting: setting, configuration: settings.resolved)
    try signals.perform {
      try await run.perform { participants, service in
        guard coefficient != 0 else { return try await plan.run(participants) }
        let base = try await service.makeSampler(baseModel: setting.baseModel)
        return try await recipe(
          ReferenceTerm(.penalty, base, coefficient: coefficient, discount: discount)
        ).run(participants)
      }
    }
  }
}
