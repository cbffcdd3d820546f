public import TinkerData

/// What every loop needs to be told.
public struct RunSettings: Sendable, Hashable {
  /// The learning rate at the start.
  public var learningRate: Double
  /// How it changes.
  public var schedule: LearningRateSchedule
  /// The other settings of the optimizer.
  public var adam: AdamParams
  /// The seed of everything that is drawn: the order of the data, the samples.
  public var seed: UInt64
  /// After how many steps a checkpoint is saved; `nil`, the default, only at the end.
  public var saveEvery: Int?
  /// Whether state and sampler weights are saved at the end, and the state when the run is stopped.
  public var savesAtEnd: Bool
  /// After how many steps the evaluators run; `nil`, the default, never. They also run at the end.
  public var evaluateEvery: Int?
  /// How many steps may be ordered and not yet finished; 1 waits for each.
  public var stepsInFlight: Int

  /// Settings. The optimizer's ε is 1e-8, as recipes send, not the service's default.
  public init(
    learningRate: Double, schedule: LearningRateSchedule = .linear,
    adam: AdamParams = AdamParams(eps: 1e-8), seed: UInt64 = 0, saveEvery: Int? = nil,
    savesAtEnd: Bool = true, evaluateEvery: Int? = nil, stepsInFlight: Int = 2
  ) {
    self.learningRate = learningRate
    self.schedule = schedule
    self.adam = adam
    self.seed = seed
    self.saveEvery = saveEvery
    self.savesAtEnd = savesAtEnd
    self.evaluateEvery = evaluateEvery
    self.stepsInFlight = stepsInFlight
  }

  /// The optimizer's settings of a step.
  func adam(step: Int, of totalSteps: Int) -> AdamParams {
    var out = adam
    out.learningRate = learningRate * schedule.multiplier(step: step, of: totalSteps)
    return out
  }

  /// Checks the ranges.
  func validate() throws(TrainingError) {
    guard learningRate.isFinite, learningRate >= 0 else {
      throw .setting(name: "learning_rate", "must be finite and not negative")
    }
    guard stepsInFlight >= 1 else {
      throw .setting(name: "steps_in_flight", "must be at least 1, not \(stepsInFlight)")
    }
    for (name, value) in [("save_every", saveEvery), ("evaluate_every", evaluateEvery)] {
      if let value, value < 1 {
        throw .setting(name: name, "must be at least 1, not \(value)")
      }
    }
  }
}

/// Whom a loop works with.
public struct RunParticipants: Sendable {
  /// Who is trained.
  public var trainer: any TrainingBackend
  /// What the run is, for the observers.
  public var description: RunDescription
  /// Who follows it.
  public var observers: [any RunObserver]
  /// Who judges the model now and then.
  public var evaluators: [any Evaluator]
  /// The checkpoint that the trainer was made from; `nil` begins at step 0.
  public var resumed: CheckpointRecord?

  /// Participants; by default nobody follows and nobody judges.
  public init(
    trainer: any TrainingBackend, description: RunDescription, observers: [any RunObserver] = [],
    evaluators: [any Evaluator] = [], resumed: CheckpointRecord? = nil
  ) {
    self.trainer = trainer
    self.description = description
    self.observers = observers
    self.evaluators = evaluators
    self.resumed = resumed
  }
}

/// What came of a run.
public struct RunSummary: Sendable, Hashable {
  /// How it ended.
  public var ending: RunEnding
  /// The numbers of the last step that was done, if there was one.
  public var lastStep: StepMetrics?
  /// The last checkpoint, if one was saved.
  public var lastCheckpoint: CheckpointRecord?
}
