public import TinkerData

/// Measures the loss on examples that are not trained on.
public struct LikelihoodEvaluator: Evaluator {
  private let name: String
  private let data: any SupervisedData
  private let batchSize: Int

  /// An evaluator.
  ///
  /// - Parameters:
  ///   - data: The examples.
  ///   - name: What stands before the metric: `test` gives `test/nll`.
  ///   - batchSize: The examples of a forward pass.
  public init(_ data: any SupervisedData, name: String = "test", batchSize: Int = 64) {
    self.data = data
    self.name = name
    self.batchSize = max(1, batchSize)
  }

  /// The mean negative log-likelihood of all examples.
  ///
  /// - Throws: What the data or the backend throws.
  public func evaluate(_ trainer: any TrainingBackend, step: Int) async throws -> Evaluation {
    var logprobs: [[Float]] = []
    var weights: [[Float]] = []
    for start in stride(from: 0, to: data.count, by: batchSize) {
      let batch = try (start..<min(start + batchSize, data.count)).map { try data.datum(at: $0) }
      let output = try await trainer.forward(batch, loss: .crossEntropy).value
      logprobs += try output.logprobs(of: batch)
      weights += batch.map(\.weights)
    }
    return Evaluation(metrics: [
      name + "/nll": Likelihood.meanNLL(logprobs: logprobs, weights: weights)
    ])
  }
}
