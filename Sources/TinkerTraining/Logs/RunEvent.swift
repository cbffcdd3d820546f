public import TinkerJSON

/// Who follows a run: logs, a terminal view, a report.
///
/// Events come one at a time, in order. An observer that throws ends the run.
public protocol RunObserver: Sendable {
  /// Takes note of what happened.
  ///
  /// - Throws: What makes going on pointless, for example a full disk.
  func observe(_ event: RunEvent) async throws
}

/// Something that happened in a run.
public enum RunEvent: Sendable {
  /// The run begins, or goes on.
  case started(RunDescription)
  /// A step has ended.
  case step(StepMetrics)
  /// A sequence for people to look at.
  case sample(RunSample)
  /// A checkpoint was saved.
  case checkpoint(CheckpointRecord)
  /// Something that a person may want to know, as a sentence.
  case note(String)
  /// The run has ended.
  case ended(RunEnding)
}

/// What a run is.
public struct RunDescription: Sendable, Hashable {
  /// The recipe: `sft`, `rl`, `dpo` or `distill`.
  public var recipe: String
  /// The base model.
  public var baseModel: String
  /// All settings with the values in force.
  public var configuration: JSONObject
  /// The number of steps of the whole run.
  public var totalSteps: Int
  /// The first step of this process: 0, or more if the run goes on from a checkpoint.
  public var firstStep: Int

  /// A description. Loops fill in the steps.
  public init(
    recipe: String, baseModel: String, configuration: JSONObject = [:], totalSteps: Int = 0,
    firstStep: Int = 0
  ) {
    self.recipe = recipe
    self.baseModel = baseModel
    self.configuration = configuration
    self.totalSteps = totalSteps
    self.firstStep = firstStep
  }
}

/// How a run ended.
public enum RunEnding: Sendable, Hashable {
  /// All steps were done.
  case finished
  /// Someone stopped it. The checkpoint, if one could be saved, is where it goes on.
  case interrupted(CheckpointRecord?)
  /// It failed, with the sentence of the error.
  case failed(String)
}
