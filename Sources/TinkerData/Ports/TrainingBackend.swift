/// Who trains a model: the service or the embedded engine. Operations happen in the order of the
/// calls.
public protocol TrainingBackend: Sendable {
  /// Computes the loss and leaves the gradients alone.
  ///
  /// - Throws: When the operation cannot be ordered at all; what fails later is thrown by its value.
  func forward(_ data: [Datum], loss: LossFunction) throws -> TrainingOperation<
    ForwardBackwardOutput
  >

  /// Computes the loss and adds its gradients to those of earlier passes.
  ///
  /// - Throws: When the operation cannot be ordered at all; what fails later is thrown by its value.
  func forwardBackward(_ data: [Datum], loss: LossFunction) throws
    -> TrainingOperation<ForwardBackwardOutput>

  /// Two passes whose places in the order are taken together: a forward pass, then a forward and
  /// backward pass over examples that are made from its output. Every later operation comes after both.
  ///
  /// - Parameters:
  ///   - data: The examples of the forward pass.
  ///   - loss: The loss of both passes.
  ///   - then: Makes the second pass from the output of the first, with as many examples as `data`. If
  ///     it throws, the operation fails with its error, no gradient is added, and later operations go on.
  /// - Returns: Both passes as one operation.
  /// - Throws: When the operation cannot be ordered at all; what fails later is thrown by its value.
  func forwardBackward(
    afterForward data: [Datum], loss: LossFunction,
    then: @escaping @Sendable (ForwardBackwardOutput) throws -> SecondPass
  ) throws -> TrainingOperation<ForwardBackwardOutput>

  /// Updates the parameters with the gradients since the last step, and forgets the gradients.
  ///
  /// - Throws: When the operation cannot be ordered at all; what fails later is thrown by its value.
  func optimStep(_ params: AdamParams) throws -> TrainingOperation<OptimStepOutput>

  /// Saves weights and optimizer under a name, from which training can go on.
  ///
  /// - Returns: The path of the checkpoint.
  /// - Throws: When the operation cannot be ordered at all; what fails later is thrown by its value.
  func saveState(name: String) throws -> TrainingOperation<String>

  /// Saves weights under a name, for sampling.
  ///
  /// - Returns: The path of the checkpoint.
  /// - Throws: When the operation cannot be ordered at all; what fails later is thrown by its value.
  func saveWeightsForSampler(name: String) throws -> TrainingOperation<String>

  /// Saves weights without a name and gives the sampler that uses them.
  ///
  /// - Throws: When the operation cannot be ordered at all; what fails later is thrown by its value.
  func makeSampler() throws -> TrainingOperation<any SamplingBackend>

  /// Replaces the weights, and the optimizer's state if asked, by those of a checkpoint.
  ///
  /// - Throws: When the operation cannot be ordered at all; what fails later is thrown by its value.
  func loadState(path: String, withOptimizer: Bool) throws -> TrainingOperation<Void>
}

/// The second pass of ``TrainingBackend/forwardBackward(afterForward:loss:then:)``.
public struct SecondPass: Sendable {
  /// The examples.
  public var data: [Datum]
  /// What is made of the output of the pass.
  public var finish: @Sendable (ForwardBackwardOutput) -> ForwardBackwardOutput

  /// A pass over examples.
  public init(
    data: [Datum], finish: @escaping @Sendable (ForwardBackwardOutput) -> ForwardBackwardOutput
  ) {
    self.data = data
    self.finish = finish
  }
}
