public import TinkerData
internal import TinkerFiles
public import TinkerTokenizer

/// Reinforcement learning in groups, and on-policy distillation: the model writes, answers are judged, and
/// what was better than the others of its group becomes more probable.
///
/// ```swift
/// let recipe = try PolicyTraining(
///   tasks, sampling: .init(groupsPerStep: 1, groupSize: 64, maxTokens: 4), steps: 20,
///   settings: RunSettings(learningRate: 1e-3, schedule: .constant))
/// ```
///
/// A step samples with the weights of the step before, so it is on policy; what is sampled has the trainer's
/// own log-probabilities, and `optim/sample_train_gap_max` shows how exactly. Groups whose rewards are all
/// equal teach nothing and are left out, counted in `groups/constant`; with a teacher all count.
public struct PolicyTraining: Sendable {
  /// How answers are drawn.
  public struct Sampling: Sendable, Hashable {
    /// The tasks of a step.
    public var groupsPerStep: Int
    /// The samples of a task.
    public var groupSize: Int
    /// The most tokens of one turn.
    public var maxTokens: Int
    /// What logits are divided by; 1 is on policy.
    public var temperature: Double
    /// By how many steps samples may be older than the weights that they train. 0 is on policy, and the run
    /// can be repeated; with more, the model writes while it trains, and what has become older is dropped.
    public var maxStaleness: Int

    /// How answers are drawn.
    public init(
      groupsPerStep: Int, groupSize: Int, maxTokens: Int, temperature: Double = 1,
      maxStaleness: Int = 0
    ) {
      self.groupsPerStep = groupsPerStep
      self.groupSize = groupSize
      self.maxTokens = maxTokens
      self.temperature = temperature
      self.maxStaleness = maxStaleness
    }
  }

  /// How answers are drawn.
  public let sampling: Sampling
  /// The number of steps.
  public let steps: Int
  /// The settings.
  public let settings: RunSettings
  private let data: any EnvironmentData
  private let order: DataOrder
  private let advantage: GroupAdvantage
  private let loss: LossFunction
  private let reference: ReferenceTerm?
  private let measuresPostKL: Bool
  private let tokenizer: Tokenizer?
  private let samplesShown: Int

  /// A recipe over tasks.
  ///
  /// - Parameters:
  ///   - data: The tasks.
  ///   - sampling: How answers are drawn.
  ///   - steps: The steps; by default one pass over the tasks.
  ///   - settings: Everything else.
  ///   - advantage: What becomes of rewards.
  ///   - loss: The loss, of those that take `logprobs` and `advantages`.
  ///   - reference: A model to stay near to, or a teacher.
  ///   - measuresPostKL: Whether the new weights score what the old ones wrote, after every step.
  ///   - tokenizer: Decodes the samples that observers get; `nil` shows none.
  ///   - samplesShown: How many samples of each step observers get.
  /// - Throws: ``TrainingError`` for settings out of range.
  public init(
    _ data: any EnvironmentData, sampling: Sampling, steps: Int? = nil, settings: RunSettings,
    advantage: GroupAdvantage = .centred, loss: LossFunction = .importanceSampling,
    reference: ReferenceTerm? = nil, measuresPostKL: Bool = false, tokenizer: Tokenizer? = nil,
    samplesShown: Int = 4
  ) throws(TrainingError) {
    try settings.validate()
    for (name, value) in [
      ("group_size", sampling.groupSize), ("max_tokens", sampling.maxTokens), ("steps", steps ?? 1),
    ] where value < 1 {
      throw .setting(name: name, "must be at least 1, not \(value)")
    }
    guard sampling.maxStaleness >= 0 else {
      throw .setting(name: "max_staleness", "must not be negative")
    }
    guard sampling.temperature > 0 else {
      throw .setting(name: "temperature", "must be positive: at 0 all samples are the same")
    }
    if sampling.groupSize == 1, reference?.kind != .teacher {
      throw .setting(name: "group_size", "one sample has nothing to be better than; give 2 or more")
    }
    order = try DataOrder(
      count: data.count, batchSize: sampling.groupsPerStep, seed: settings.seed)
    self.steps = steps ?? order.steps(epochs: 1)
    self.data = data
    self.sampling = sampling
    self.settings = settings
    self.advantage = advantage
    self.loss = loss
    self.reference = reference
    self.measuresPostKL = measuresPostKL
    self.tokenizer = tokenizer
    self.samplesShown = samplesShown
  }

  /// Trains. As ``SupervisedTraining/run(_:)``; a cancelled run gives up the step whose samples it waits for.
  ///
  /// - Returns: What came of it.
  /// - Throws: What the tasks, the backend or an observer throws.
  public func run(_ participants: RunParticipants) async throws -> RunSummary {
    // The next samples need the finished step, so nothing is in flight while the model writes.
    var settings = settings
    settings.stepsInFlight = 1
    let pipeline = StepPipeline(participants, settings, totalSteps: steps)
    let order = order
    pipeline.epoch = { order.epoch(of: $0) }
    var next = try participants.trainer.makeSampler()
    var queue = RolloutQueue(
      data: data, order: order, groupsPerStep: sampling.groupsPerStep,
      maxStaleness: sampling.maxStaleness, steps: steps,
      firstStep: participants.resumed?.batch ?? 0)
    return try await withThrowingTaskGroup(of: Rollout.Group.self) { tasks in
      defer { tasks.cancelAll() }
      return try await pipeline.run { step in
        var metrics = StepMetrics(step: step)
        let adam = settings.adam(step: step, of: steps)
        metrics.setCount("progress/batch", to: step)
        metrics["progress/done_frac"] = Double(step + 1) / Double(steps)
        metrics["optim/lr"] = adam.learningRate
        if let evaluation = try await pipeline.evaluate(before: step) { metrics.merge(evaluation) }
        let rollout = Rollout(
          sampler: try await next.value, version: step, settings: sampling, seed: settings.seed)
        let start = Machine.uptime
        let (groups, dropped) = try await queue.groups(of: step, with: rollout, in: &tasks)
        metrics["time/sampling"] = Machine.uptime - start
        if sampling.maxStaleness > 0 {
          metrics.addStaleness(groups.map { step - $0.version }, dropped: dropped)
        }
        let made = try await batch(step, groups, &metrics)
        for sample in made.shown { try await pipeline.notify(.sample(sample)) }
        let data = made.data
        guard !data.isEmpty else { return try await pipeline.skip(metrics) }
        try pipeline.submit(metrics, adam: adam) {
          try pass(over: data, by: $0)
        } finish: { output, metrics in
          let new = try output.logprobs(of: data)
          if let divergence = Self.divergence(of: data, new) {
            metrics.merge(divergence.sampleTrainMetrics)
          }
          metrics.merge(output.metrics)
          // A run that is being stopped does not wait for numbers that only inform.
          guard measuresPostKL, !Task.isCancelled else { return }
          let scores: [[Float]]
          do { scores = try await next.value.scores(of: data) } catch is CancellationError {
            return
          }
          if let divergence = Self.divergence(of: data, scores) {
            metrics.merge(divergence.prePostMetrics)
          }
        }
        next = try participants.trainer.makeSampler()
      }
    }
  }

  private static func divergence(of data: [Datum], _ new: [[Float]]) -> PolicyDivergence? {
    PolicyDivergence(
      old: data.map { $0.floats("logprobs") }, new: new, mask: data.map { $0.floats("mask") })
  }

  /// Makes the examples of a step's groups.
  private func batch(
    _ step: Int, _ groups: [Rollout.Group], _ metrics: inout StepMetrics
  ) async throws -> (data: [Datum], shown: [RunSample]) {
    metrics.add(groups)
    metrics.setCount("groups/constant", to: groups.count { $0.isConstant })
    let kept = reference?.kind == .teacher ? groups : groups.filter { !$0.isConstant }
    let made = try examples(kept)
    var batch = made.data
    metrics.setCount("transcript/breaks", to: made.breaks)
    metrics.setCount("num_sequences", to: batch.count)
    metrics.setCount("num_tokens", to: batch.reduce(0) { $0 + $1.modelInput.length })
    if let reference, !batch.isEmpty {
      metrics[reference.metricName] = try await reference.apply(to: &batch)
    }
    return (batch, shown(groups, step: step))
  }

  /// The examples of groups, and the number of places where an episode began a new one.
  private func examples(_ groups: [Rollout.Group]) throws -> (data: [Datum], breaks: Int) {
    var data: [Datum] = []
    var breaks = 0
    for group in groups {
      let advantages = advantage.advantages(of: group.rewards)
      for (trajectory, advantage) in zip(group.trajectories, advantages) {
        let made = try TrajectoryData(trajectory, advantage: advantage)
        data += made.data
        breaks += made.breaks.count
      }
    }
    return (data, breaks)
  }

  /// Orders the pass of examples, with the inputs that the loss takes.
  private func pass(
    over data: [Datum], by trainer: any TrainingBackend
  ) throws -> TrainingOperation<ForwardBackwardOutput> {
    let needsMask = loss.name == "gspo"
    let passes = data.map { datum in
      var out = datum
      if needsMask { out.setInput("sequence_ratio_mask", to: datum.floats("mask")) }
      out.lossInputs.removeAll { $0.name == "mask" }
      return out
    }
    guard loss.name == "dro" else { return try trainer.forwardBackward(passes, loss: loss) }
    // The penalty of dro also acts where the model only read; there q = ℓ takes it away.
    return try trainer.forwardBackward(afterForward: passes, loss: loss) { output in
      let logprobs = try output.logprobs(of: data)
      var second = passes
      for index in second.indices {
        let mask = data[index].floats("mask")
        let q = zip(zip(passes[index].floats("logprobs"), logprobs[index]), mask)
        second[index].setInput("logprobs", to: q.map { $1 > 0 ? $0.0 : $0.1 })
      }
      return SecondPass(data: second) { $0 }
    }
  }

  /// Some samples for people to look at.
  private func shown(_ groups: [Rollout.Group], step: Int) -> [RunSample] {
    guard let tokenizer else { return [] }
    var out: [RunSample] = []
    for group in groups {
      let advantages = advantage.advantages(of: group.rewards)
      for (trajectory, advantage) in zip(group.trajectories, advantages) {
        guard out.count < samplesShown else { return out }
        guard
          let sample = RunSample(
            trajectory, step: step, group: group.group, advantage: advantage, tokenizer: tokenizer)
        else { continue }
        out.append(sample)
        break
      }
    }
    return out
  }
}
