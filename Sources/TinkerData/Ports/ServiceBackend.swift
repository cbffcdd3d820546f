/// Who provides trainers and samplers: the service or the embedded engine.
public protocol ServiceBackend: Sendable {
  /// The models that can be trained or sampled.
  ///
  /// - Throws: The backend's error.
  func supportedModels() async throws -> [SupportedModel]

  /// Makes a trainer with new adapters on a base model.
  ///
  /// - Throws: The backend's error, for example for a model that it does not know.
  func makeTrainer(baseModel: String, lora: LoraConfig) async throws -> any TrainingBackend

  /// Makes a trainer from a saved state.
  ///
  /// - Throws: The backend's error, for example for a path that does not exist.
  func makeTrainer(fromState path: String, withOptimizer: Bool) async throws -> any TrainingBackend

  /// Makes a sampler of a base model.
  ///
  /// - Throws: The backend's error, for example for a model that it does not know.
  func makeSampler(baseModel: String) async throws -> any SamplingBackend

  /// Makes a sampler of a checkpoint.
  ///
  /// - Throws: The backend's error, for example for a path that does not exist.
  func makeSampler(path: String) async throws -> any SamplingBackend

  /// The checkpoints of a training run, which has the id of its model.
  ///
  /// - Throws: The backend's error, for example for a run that does not exist.
  func checkpoints(ofRun runID: String) async throws -> [Checkpoint]

  /// Removes a checkpoint.
  ///
  /// - Throws: The backend's error, for example for a path that does not exist.
  func deleteCheckpoint(path: String) async throws
}

/// A model that a backend offers.
public struct SupportedModel: Sendable, Hashable {
  /// The name by which it is asked for.
  public var name: String
  /// The longest sequence, if the backend says.
  public var maxContextLength: Int?
  /// Whether it can be trained.
  public var isTrainable: Bool
  /// Whether it can be sampled.
  public var isSampleable: Bool

  /// A model with what is known of it.
  public init(
    name: String, maxContextLength: Int? = nil, isTrainable: Bool = true, isSampleable: Bool = true
  ) {
    self.name = name
    self.maxContextLength = maxContextLength
    self.isTrainable = isTrainable
    self.isSampleable = isSampleable
  }
}
