/// A loss that the caller computes.
///
/// It gets the examples and the log-probabilities of their targets, one flat list per example in the
/// order of its `target_tokens`, and gives the loss with its gradient. It runs outside the service; the
/// gradient goes back as the weights of a cross-entropy pass.
public typealias CustomLoss =
  @Sendable (_ data: [Datum], _ logprobs: [[Float]]) throws -> CustomLossValue

/// What a ``CustomLoss`` gives.
public struct CustomLossValue: Sendable, Hashable {
  /// The loss.
  public var loss: Double
  /// Its derivative by each log-probability, in the shape of the argument.
  public var gradient: [[Float]]
  /// Numbers to report under their names.
  public var metrics: [String: Double]

  /// A loss with its gradient.
  public init(loss: Double, gradient: [[Float]], metrics: [String: Double] = [:]) {
    self.loss = loss
    self.gradient = gradient
    self.metrics = metrics
  }
}

extension TrainingBackend {
  /// Runs a loss that the caller computes: a forward pass gives the log-probabilities, and a second pass
  /// with cross-entropy carries the gradient, because `Σ −w·p` with `w = −∂loss/∂p` has the gradient of
  /// the loss.
  ///
  /// The metrics of the result hold the loss as `loss:sum`, the value of the second pass as
  /// `surrogate_loss:sum` if the service reported it, and the loss's own metrics.
  ///
  /// - Parameters:
  ///   - data: Examples with `target_tokens`; every other input stays here, for the loss to use.
  ///   - loss: The loss. What it throws fails the result; later operations go on.
  /// - Returns: Both passes as one operation.
  /// - Throws: `DataError` for an example without `target_tokens`.
  public func forwardBackwardCustom(
    _ data: [Datum], loss: @escaping CustomLoss
  ) throws -> TrainingOperation<ForwardBackwardOutput> {
    let passes = try data.map { datum throws(DataError) in try datum.forwardOfCustomLoss() }
    return try forwardBackward(afterForward: passes, loss: .crossEntropy) { output in
      let logprobs = try output.logprobs(ofTargetsIn: passes)
      let value = try loss(data, logprobs)
      let backward = try passes.weighted(byMinus: value.gradient)
      return SecondPass(data: backward) { output in
        var out = output
        if let surrogate = output.metrics["loss:sum"] {
          out.metrics["surrogate_loss:sum"] = surrogate
        }
        out.metrics["loss:sum"] = value.loss
        out.metrics.merge(value.metrics) { $1 }
        return out
      }
    }
  }
}

extension Datum {
  /// Targets and weights alone; without weights, zeros.
  fileprivate func forwardOfCustomLoss() throws(DataError) -> Datum {
    guard let targets = lossInput(named: "target_tokens")?.dense else {
      throw .unexpected("target_tokens in each example of a custom loss", at: "loss_fn_inputs")
    }
    var weights = lossInput(named: "weights")?.dense
    if weights == nil {
      weights = try TensorData(
        elements: .floats([Float](repeating: 0, count: targets.elements.count)),
        shape: targets.shape)
    }
    var out = self
    out.lossInputs = [LossInput(name: "target_tokens", tensor: targets)]
    if let weights { out.lossInputs.append(LossInput(name: "weights", tensor: weights)) }
    return out
  }
}

extension ForwardBackwardOutput {
  fileprivate func logprobs(ofTargetsIn data: [Datum]) throws(DataError) -> [[Float]] {
    guard lossOutputs.count == data.count else {
      throw .unexpected(
        "\(data.count) outputs, not \(lossOutputs.count)", at: "forward pass")
    }
    var out: [[Float]] = []
    for (index, (output, datum)) in zip(lossOutputs, data).enumerated() {
      let count = datum.lossInput(named: "target_tokens")?.elements.count ?? 0
      guard let logprobs = output.logprobs?.dense.floats, logprobs.count == count else {
        throw .unexpected("\(count) log-probabilities", at: "forward pass, example \(index)")
      }
      out.append(logprobs)
    }
    return out
  }
}

extension [Datum] {
  fileprivate func weighted(byMinus gradient: [[Float]]) throws(DataError) -> [Datum] {
    guard gradient.count == count else {
      throw .unexpected("a gradient for each of \(count) examples", at: "custom loss")
    }
    var out = self
    for (index, values) in gradient.enumerated() {
      guard let targets = self[index].lossInput(named: "target_tokens"),
        targets.elements.count == values.count
      else {
        throw .unexpected(
          "as many derivatives as log-probabilities", at: "custom loss, example \(index)")
      }
      let weights = try TensorData(elements: .floats(values.map { -$0 }), shape: targets.shape)
      out[index].lossInputs = [
        .init(name: "target_tokens", tensor: targets), .init(name: "weights", tensor: weights),
      ]
    }
    return out
  }
}
