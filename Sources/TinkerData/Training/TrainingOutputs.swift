/// What a forward or a forward and backward pass gives.
public struct ForwardBackwardOutput: Sendable, Hashable {
  /// What the loss gives for one datum.
  public struct LossOutput: Sendable, Hashable {
    /// The tensors with their names, in the order in which they came.
    public var tensors: [Datum.LossInput]

    /// An output of tensors.
    public init(tensors: [Datum.LossInput]) {
      self.tensors = tensors
    }

    /// The log-probabilities of the targets, in the shape of `target_tokens`, if the backend sent them.
    public var logprobs: TensorData? { tensors.first { $0.name == "logprobs" }?.tensor }
  }

  /// The name of the kind of output that the backend reports.
  public var outputType: String
  /// One output a datum, in the order of the data.
  public var lossOutputs: [LossOutput]
  /// Metrics by `name:reduction`, for example `loss:sum`.
  public var metrics: [String: Double]

  /// An output with all its parts.
  public init(outputType: String, lossOutputs: [LossOutput], metrics: [String: Double]) {
    self.outputType = outputType
    self.lossOutputs = lossOutputs
    self.metrics = metrics
  }
}

/// What an optimizer step gives.
public struct OptimStepOutput: Sendable, Hashable {
  /// Metrics by name. Their names are the backend's own.
  public var metrics: [String: Double]

  /// An output of metrics.
  public init(metrics: [String: Double] = [:]) {
    self.metrics = metrics
  }
}
