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
