public import TinkerData
public import TinkerTokenizer

/// Supervised fine-tuning: a model learns to write what its examples say.
///
/// ```swift
/// let data = try ConversationData(conversations, renderer: renderer)
/// let recipe = try SupervisedTraining(
///   data, batchSize: 8, steps: 150, settings: RunSettings(learningRate: 3e-3))
/// let summary = try await recipe.run(
///   RunParticipants(trainer: trainer, description: RunDescription(recipe: "sft", baseModel: "tiny")))
/// ```
///
/// A step's pass and its optimizer step are ordered together, and the next batch is rendered and ordered
/// while they run. Metrics of a step: `epoch`, `progress`, `learning_rate`, `num_sequences`, `num_tokens`,
/// `num_loss_tokens`, `train_mean_nll`, `train_mean_bpb` with a tokenizer, `time/total`, `time/gap`, and
/// those of the backend.
public struct SupervisedTraining: Sendable {
  /// The order of the data.
  public let order: DataOrder
  /// The number of steps.
  public let steps: Int
  /// The examples of the whole run, those of every pass counted.
  public let exampleCount: Int
  /// The settings.
  public let settings: RunSettings
  private let data: any SupervisedData
  private let tokenizer: Tokenizer?

  /// A recipe over data.
  ///
  /// - Parameters:
  ///   - data: The examples.
  ///   - batchSize: The examples of a step.
  ///   - epochs: The passes over the data; 1 unless `steps` is given.
  ///   - steps: The steps, in place of passes.
  ///   - settings: Everything else.
  ///   - tokenizer: Counts the bytes of `train_mean_bpb`; `nil` leaves that out.
  /// - Throws: ``TrainingError`` for settings out of range.
  public init(
    _ data: any SupervisedData, batchSize: Int, epochs: Int? = nil, steps: Int? = nil,
    settings: RunSettings, tokenizer: Tokenizer? = nil
  ) throws(TrainingError) {
    try settings.validate()
    order = try DataOrder(count: data.count, batchSize: batchSize, seed: settings.seed)
    (self.steps, exampleCount) = try order.extent(epochs: epochs, steps: steps)
    self.data = data
    self.settings = settings
    self.tokenizer = tokenizer
  }

  /// The examples of a step.
  ///
  /// - Throws: What the data throw.
  public func batch(_ step: Int) throws -> [Datum] {
    try order.indices(step: step, end: exampleCount).map { try data.datum(at: $0) }
  }

  /// Trains.
  ///
  /// A run whose task is cancelled finishes the steps that the backend has taken, saves its state if the
  /// settings say so, and ends as ``RunEnding/interrupted(_:)``.
  ///
  /// - Returns: What came of it.
  /// - Throws: What the data, the backend or an observer throws.
  public func run(_ participants: RunParticipants) async throws -> RunSummary {
    let pipeline = StepPipeline(participants, settings, totalSteps: steps)
    let order = order
    pipeline.epoch = { order.epoch(of: $0) }
    return try await pipeline.run { step in
      let evaluation = try await pipeline.evaluate(before: step)
      if evaluation != nil { pipeline.pause() }
      let batch = try batch(step)
      let adam = settings.adam(step: step, of: steps)
      var metrics = StepMetrics(step: step)
      metrics.setCount("epoch", to: order.epoch(of: step))
      metrics["progress"] = Double(step + 1) / Double(steps)
      metrics["learning_rate"] = adam.learningRate
      metrics.setCount("num_sequences", to: batch.count)
      metrics.setCount("num_tokens", to: batch.reduce(0) { $0 + $1.modelInput.length })
      metrics.setCount(
        "num_loss_tokens", to: batch.reduce(0) { $0 + $1.weights.count { $0 != 0 } })
      let tokenizer = tokenizer
      try pipeline.submit(metrics, adam: adam) {
        try $0.forwardBackward(batch, loss: .crossEntropy)
      } finish: { output, metrics in
        let logprobs = try output.logprobs(of: batch)
        let weights = batch.map(\.weights)
        metrics["train_mean_nll"] = Likelihood.meanNLL(logprobs: logprobs, weights: weights)
        if let tokenizer {
          metrics["train_mean_bpb"] = Likelihood.bitsPerByte(
            logprobs: logprobs, weights: weights, targets: batch.map(\.targets),
            tokenizer: tokenizer)
        }
        metrics.merge(output.metrics)
        if let evaluation { metrics.merge(evaluation) }
      }
    }
  }
}
