public import TinkerData

/// Who judges a model during a run.
public protocol Evaluator: Sendable {
  /// Judges the model as it is at a step.
  ///
  /// - Parameters:
  ///   - trainer: The model in training. Only `forward` and `makeSampler` leave it as it is.
  ///   - step: The step that comes next.
  /// - Returns: Numbers by name, and sequences to look at.
  /// - Throws: What makes the judgement impossible; it ends the run.
  func evaluate(_ trainer: any TrainingBackend, step: Int) async throws -> Evaluation
}

/// What an ``Evaluator`` found.
public struct Evaluation: Sendable, Hashable {
  /// Numbers by name, for example `test/nll`.
  public var metrics: [String: Double]
  /// Sequences for people to look at.
  public var samples: [RunSample]

  /// Findings.
  public init(metrics: [String: Double], samples: [RunSample] = []) {
    self.metrics = metrics
    self.samples = samples
  }
}
