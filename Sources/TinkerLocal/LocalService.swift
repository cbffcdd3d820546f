public import TinkerData
package import TinkerTokenizer

/// Training and sampling inside this process, with no key and no network.
///
/// The service offers the models of its configuration; what it computes is described in the article
/// <doc:HowTheEngineWorks>. Passes happen one at a time; requests to sample share them.
public struct LocalService: ServiceBackend {
  let engine: Engine

  /// A service of some models. Nothing is loaded before it is asked for.
  public init(_ configuration: LocalConfiguration) {
    engine = Engine(configuration)
  }

  /// The models with their context lengths.
  ///
  /// - Throws: `LocalError` for a model whose files cannot be read.
  public func supportedModels() async throws -> [SupportedModel] {
    try engine.configuration.models.map {
      SupportedModel(
        name: $0.name, maxContextLength: try LoadedModel.configuration($0).contextLength)
    }
  }

  /// Makes a trainer with new adapters on a base model.
  ///
  /// - Throws: `LocalError` for a model that is not offered or a configuration that trains nothing.
  public func makeTrainer(baseModel: String, lora: LoraConfig) async throws -> any TrainingBackend {
    let id = Self.newRun()
    try await engine.makeRun(id: id, baseModel: baseModel, lora: lora)
    return LocalTrainer(engine, run: id)
  }

  /// Makes a trainer of all weights of a text model, without adapters. Checkpoints of it hold the whole
  /// model.
  ///
  /// - Throws: `LocalError` for a model that is not offered.
  public func makeFullTrainer(baseModel: String) async throws -> LocalTrainer {
    let id = Self.newRun()
    try await engine.makeRun(id: id, baseModel: baseModel, lora: nil)
    return LocalTrainer(engine, run: id)
  }

  /// Makes a trainer from a saved state.
  ///
  /// - Throws: `LocalError` for a path that does not exist or holds weights to sample from only.
  public func makeTrainer(fromState path: String, withOptimizer: Bool) async throws
    -> any TrainingBackend
  {
    let id = Self.newRun()
    try await engine.makeRun(id: id, fromState: path, withOptimizer: withOptimizer)
    return LocalTrainer(engine, run: id)
  }

  /// Makes a sampler of a base model.
  ///
  /// - Throws: `LocalError` for a model that is not offered.
  public func makeSampler(baseModel: String) async throws -> any SamplingBackend {
    LocalSampler(engine, number: try await engine.makeSampler(baseModel: baseModel))
  }

  /// Makes a sampler of a checkpoint.
  ///
  /// - Throws: `LocalError` for a path that does not exist.
  public func makeSampler(path: String) async throws -> any SamplingBackend {
    LocalSampler(engine, number: try await engine.makeSampler(path: path))
  }

  /// The checkpoints of a training run.
  ///
  /// - Throws: `LocalError` for a run without checkpoints.
  public func checkpoints(ofRun runID: String) async throws -> [Checkpoint] {
    let found = try engine.store.list(run: runID)
    guard !found.isEmpty else {
      throw LocalError.request("there is no training run \(runID) with checkpoints")
    }
    return found
  }

  /// Removes a checkpoint.
  ///
  /// - Throws: `LocalError` for a path that does not exist.
  public func deleteCheckpoint(path: String) async throws {
    try engine.store.delete(try engine.store.address(path: path))
  }

  /// The folder of the checkpoints.
  package var store: CheckpointStore { engine.store }

  /// Makes a trainer with new adapters and an id of the caller's.
  ///
  /// - Throws: As ``makeTrainer(baseModel:lora:)``, and for an id in use.
  package func makeTrainer(
    run id: String, baseModel: String, lora: LoraConfig
  ) async throws -> LocalTrainer {
    try await engine.makeRun(id: id, baseModel: baseModel, lora: lora)
    return LocalTrainer(engine, run: id)
  }

  /// Makes a trainer from a saved state and an id of the caller's.
  ///
  /// - Throws: As ``makeTrainer(fromState:withOptimizer:)``, and for an id in use.
  package func makeTrainer(
    run id: String, fromState path: String, withOptimizer: Bool
  ) async throws -> LocalTrainer {
    try await engine.makeRun(id: id, fromState: path, withOptimizer: withOptimizer)
    return LocalTrainer(engine, run: id)
  }

  /// The tokenizer of a model, `nil` if it has none. The model is loaded.
  ///
  /// - Throws: `LocalError` for a model that is not offered or cannot be read.
  package func tokenizer(ofModel name: String) async throws -> Tokenizer? {
    try await engine.tokenizer(ofModel: name)
  }

  /// Makes a sampler that tells tokens as they are drawn.
  ///
  /// - Throws: As ``makeSampler(baseModel:)``.
  package func makeLocalSampler(baseModel: String) async throws -> LocalSampler {
    LocalSampler(engine, number: try await engine.makeSampler(baseModel: baseModel))
  }

  /// Makes a sampler of a checkpoint that tells tokens as they are drawn.
  ///
  /// - Throws: As ``makeSampler(path:)``.
  package func makeLocalSampler(path: String) async throws -> LocalSampler {
    LocalSampler(engine, number: try await engine.makeSampler(path: path))
  }

  private static func newRun() -> String {
    "local-" + String(RandomStream.systemSeed(), radix: 36)
  }
}
