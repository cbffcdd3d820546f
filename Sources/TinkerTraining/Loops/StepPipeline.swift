internal import TinkerData
internal import TinkerFiles
internal import TinkerJSON

/// The steps of a run on their way: ordered, not yet finished. Belongs to one loop.
///
/// What is waited for runs in tasks of its own, so that a loop whose task is cancelled can still finish the
/// steps that the backend has taken.
final class StepPipeline {
  /// A step that has been ordered.
  private struct Pending {
    var metrics: StepMetrics
    let submitted: Double
    /// Whether the time before it was meant for steps, and not for an evaluation.
    let followsAtOnce: Bool
    let outcome: Task<Outcome, any Error>
    let finish: (ForwardBackwardOutput, inout StepMetrics) async throws -> Void
    let checkpoint: Task<CheckpointRecord, any Error>?
  }

  private struct Outcome: Sendable {
    let pass: ForwardBackwardOutput
    let optimizer: OptimStepOutput
    /// When the optimizer's step ended.
    let end: Double
  }

  let run: RunParticipants
  let settings: RunSettings
  let totalSteps: Int
  /// The pass over the data in which a step lies.
  var epoch: (Int) -> Int? = { _ in nil }
  /// Keys of the loop's own for its checkpoints.
  var checkpointKeys: JSONObject = [:]
  private var pending: [Pending] = []
  private var lastEnd: Double?
  private var isPaused = false
  private(set) var summary = RunSummary(ending: .finished)

  init(_ run: RunParticipants, _ settings: RunSettings, totalSteps: Int) {
    self.run = run
    self.settings = settings
    self.totalSteps = totalSteps
    summary.lastCheckpoint = run.resumed
  }

  /// Does all steps that are left, in order, and ends the run as it ended.
  ///
  /// - Parameter step: Orders a step by ``submit(_:adam:order:finish:)``, as its last act.
  /// - Returns: What came of the run. A run whose task was cancelled ends as interrupted.
  /// - Throws: What a step threw; the observers were told.
  func run(_ step: (Int) async throws -> Void) async throws -> RunSummary {
    var description = run.description
    description.totalSteps = totalSteps
    description.firstStep = run.resumed?.batch ?? 0
    try await notify(.started(description))
    do {
      let reached = try await steps(from: description.firstStep, step)
      try await drain(to: 0)
      if reached < totalSteps {
        if settings.savesAtEnd, reached > description.firstStep {
          let name = "interrupted-" + Self.name(of: reached)
          try await note(try save(name, next: reached, stateOnly: true))
        }
        summary.ending = .interrupted(summary.lastCheckpoint)
      } else {
        try await evaluateAtEnd()
        if settings.savesAtEnd {
          try await note(try save("final", next: totalSteps, isFinal: true))
        }
      }
    } catch {
      try? await notify(.ended(.failed("\(error)")))
      throw error
    }
    try await notify(.ended(summary.ending))
    return summary
  }

  private func evaluateAtEnd() async throws {
    do {
      guard let metrics = try await evaluate(before: totalSteps) else { return }
      var last = StepMetrics(step: totalSteps)
      last.merge(metrics)
      try await notify(.step(last))
    } catch is CancellationError {
      // All steps are done; who stops the run now wants what there is.
    }
  }

  /// - Returns: The first step that was not ordered.
  private func steps(
    from first: Int, _ step: (Int) async throws -> Void
  ) async throws -> Int {
    var next = first
    while next < totalSteps, !Task.isCancelled {
      do { try await step(next) } catch is CancellationError { break }
      next += 1
      try await drain(to: settings.stepsInFlight - 1)
    }
    return next
  }

  func notify(_ event: RunEvent) async throws {
    for observer in run.observers { try await observer.observe(event) }
  }

  /// Orders a pass with its optimizer step, and a checkpoint if one is due.
  ///
  /// - Parameters:
  ///   - metrics: What is known before.
  ///   - adam: The optimizer's settings.
  ///   - order: Orders the pass.
  ///   - finish: Adds to the metrics what the output tells.
  /// - Throws: When something cannot be ordered.
  func submit(
    _ metrics: StepMetrics, adam: AdamParams,
    order: (any TrainingBackend) throws -> TrainingOperation<ForwardBackwardOutput>,
    finish: @escaping (ForwardBackwardOutput, inout StepMetrics) async throws -> Void
  ) throws {
    let submitted = Machine.uptime
    let pass = try order(run.trainer)
    let step = try run.trainer.optimStep(adam)
    let outcome = Task {
      let pass = try await pass.value
      let optimizer = try await step.value
      return Outcome(pass: pass, optimizer: optimizer, end: Machine.uptime)
    }
    pending.append(
      Pending(
        metrics: metrics, submitted: submitted, followsAtOnce: !isPaused, outcome: outcome,
        finish: finish,
        checkpoint: try saveIfDue(after: metrics.step)))
    isPaused = false
  }

  /// Logs a step that trains nothing.
  func skip(_ metrics: StepMetrics) async throws {
    try await drain(to: 0)
    lastEnd = nil
    summary.lastStep = metrics
    try await notify(.step(metrics))
    if let checkpoint = try saveIfDue(after: metrics.step) { try await note(checkpoint) }
  }

  /// Waits until at most that many steps are unfinished, and logs the finished ones.
  func drain(to limit: Int) async throws {
    while pending.count > limit {
      var step = pending.removeFirst()
      let outcome = try await step.outcome.value
      let before = step.followsAtOnce ? lastEnd : nil
      if let before {
        // What the backend waited for us: nothing, if the step was ordered before the last one ended.
        step.metrics["time/gap"] = max(0, step.submitted - before)
      }
      step.metrics["time/total"] = outcome.end - (before ?? step.submitted)
      lastEnd = outcome.end
      step.metrics.merge(outcome.optimizer.metrics)
      try await step.finish(outcome.pass, &step.metrics)
      summary.lastStep = step.metrics
      try await notify(.step(step.metrics))
      if let checkpoint = step.checkpoint { try await note(checkpoint) }
    }
  }

  /// Does not count the time before the next step, because it was spent on purpose.
  func pause() { isPaused = true }

  /// Runs the evaluators, if they are due before a step.
  ///
  /// - Returns: Their numbers, or `nil` if they are not due.
  func evaluate(before step: Int) async throws -> [String: Double]? {
    guard !run.evaluators.isEmpty, let every = settings.evaluateEvery else { return nil }
    guard step % every == 0 || step == totalSteps else { return nil }
    var metrics: [String: Double] = [:]
    for evaluator in run.evaluators {
      let found = try await evaluator.evaluate(run.trainer, step: step)
      metrics.merge(found.metrics) { $1 }
      for sample in found.samples { try await notify(.sample(sample)) }
    }
    return metrics
  }

  // MARK: Checkpoints

  private static func name(of step: Int) -> String {
    let digits = String(step)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  private func saveIfDue(after step: Int) throws -> Task<CheckpointRecord, any Error>? {
    let next = step + 1
    guard let every = settings.saveEvery, next % every == 0, next < totalSteps else { return nil }
    return try save(Self.name(of: next), next: next)
  }

  /// Orders the saving of state and sampler weights.
  private func save(_ name: String, next: Int, isFinal: Bool = false, stateOnly: Bool = false)
    throws
    -> Task<CheckpointRecord, any Error>
  {
    let state = try run.trainer.saveState(name: name)
    let sampler = stateOnly ? nil : try run.trainer.saveWeightsForSampler(name: name)
    let record = CheckpointRecord(
      name: name, batch: next, epoch: epoch(next), isFinal: isFinal, others: checkpointKeys)
    return Task {
      var out = record
      out.statePath = try await state.value
      out.samplerPath = try await sampler?.value
      return out
    }
  }

  private func note(_ saving: Task<CheckpointRecord, any Error>) async throws {
    let record = try await saving.value
    summary.lastCheckpoint = record
    try await notify(.checkpoint(record))
  }
}
