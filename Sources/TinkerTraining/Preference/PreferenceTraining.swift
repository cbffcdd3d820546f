public import TinkerData
internal import TinkerJSON

/// Direct preference optimisation: wanted answers become more probable than the others, measured against the
/// weights at the start.
///
/// The loss is `CommonLosses.dpo`; its gradient is analytic. Metrics: `dpo_loss`, `accuracy`, `margin`,
/// `chosen_reward`, `rejected_reward`, and as ``SupervisedTraining``.
public struct PreferenceTraining: Sendable {
  /// The number of steps.
  public let steps: Int
  /// The settings.
  public let settings: RunSettings
  private let data: PreferenceData
  private let beta: Double
  private let order: DataOrder
  private let end: Int
  /// The key of a checkpoint under which the path of the start weights stands.
  private static let referenceKey = "reference_path"

  /// A recipe over pairs.
  ///
  /// - Parameters:
  ///   - data: The pairs.
  ///   - beta: The strength of the tie to the start weights.
  ///   - batchSize: The pairs of a step.
  ///   - epochs: The passes over the data; 1 unless `steps` is given.
  ///   - steps: The steps, in place of passes.
  ///   - settings: Everything else.
  /// - Throws: ``TrainingError`` for settings out of range.
  public init(
    _ data: PreferenceData, beta: Double = 0.1, batchSize: Int, epochs: Int? = nil,
    steps: Int? = nil, settings: RunSettings
  ) throws(TrainingError) {
    try settings.validate()
    guard beta > 0, beta.isFinite else {
      throw .setting(name: "beta", "must be positive, not \(beta)")
    }
    order = try DataOrder(count: data.count, batchSize: batchSize, seed: settings.seed)
    (self.steps, end) = try order.extent(epochs: epochs, steps: steps)
    self.data = data
    self.beta = beta
    self.settings = settings
  }

  /// Trains. As ``SupervisedTraining/run(_:)``.
  ///
  /// The start weights are saved at the beginning as `reference`; a run that goes on finds them by its
  /// checkpoint.
  ///
  /// - Parameters:
  ///   - participants: Whom it works with.
  ///   - service: Makes the sampler of the start weights.
  /// - Returns: What came of it.
  /// - Throws: What the data, the backend or an observer throws.
  public func run(
    _ participants: RunParticipants, service: any ServiceBackend
  ) async throws -> RunSummary {
    let path = try await referencePath(participants)
    let reference = try await service.makeSampler(path: path)
    let pipeline = StepPipeline(participants, settings, totalSteps: steps)
    pipeline.checkpointKeys = [Self.referenceKey: .string(JSONString(path))]
    let order = order
    pipeline.epoch = { order.epoch(of: $0) }
    return try await pipeline.run { step in
      let evaluation = try await pipeline.evaluate(before: step)
      if evaluation != nil { pipeline.pause() }
      let pairs = try await batch(step, scoredBy: reference)
      let adam = settings.adam(step: step, of: steps)
      var metrics = StepMetrics(step: step)
      metrics.setCount("epoch", to: order.epoch(of: step))
      metrics["progress"] = Double(step + 1) / Double(steps)
      metrics["learning_rate"] = adam.learningRate
      metrics.setCount("num_pairs", to: pairs.count / 2)
      metrics.setCount("num_tokens", to: pairs.reduce(0) { $0 + $1.modelInput.length })
      try pipeline.submit(metrics, adam: adam) {
        try $0.forwardBackwardCustom(pairs, loss: CommonLosses.dpo(beta: beta))
      } finish: { output, metrics in
        metrics.merge(output.metrics)
        if let evaluation { metrics.merge(evaluation) }
      }
    }
  }

  private func referencePath(_ participants: RunParticipants) async throws -> String {
    guard let resumed = participants.resumed else {
      return try await participants.trainer.saveWeightsForSampler(name: "reference").value
    }
    guard let path = resumed.others[Self.referenceKey]?.text else {
      throw TrainingError.setting(
        name: "resume",
        "the checkpoint \(resumed.name) does not tell the start weights (\(Self.referenceKey))")
    }
    return path
  }

  /// The examples of a step with the log-probabilities of the start weights.
  private func batch(
    _ step: Int, scoredBy reference: any SamplingBackend
  ) async throws -> [Datum] {
    var batch = data.examples(order.indices(step: step, end: end))
    let scores = try await reference.scores(of: batch)
    for index in batch.indices { batch[index].setInput("reference_logprobs", to: scores[index]) }
    return batch
  }
}
