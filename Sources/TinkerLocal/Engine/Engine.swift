internal import TinkerData
internal import TinkerTokenizer

/// Everything that computes: base models, training runs, samplers. One pass at a time.
///
/// All buffers belong to the actor; what crosses its border are values.
actor Engine {
  /// A training run.
  final class Run {
    let model: LoadedModel
    var learner: Learner
    var state: TrainerState
    /// Whether all weights are trained, with no adapter.
    var isFull: Bool { learner.pass.adapters == nil }

    init(_ model: LoadedModel, _ learner: Learner, _ state: TrainerState) {
      self.model = model
      self.learner = learner
      self.state = state
    }
  }

  /// Weights that sample.
  struct Sampler {
    let model: LoadedModel
    let pass: DecoderPass
  }

  private let thread = EngineThread()
  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

  let configuration: LocalConfiguration
  let compute: Compute
  let store: CheckpointStore
  private var models: [String: LoadedModel] = [:]
  var runs: [String: Run] = [:]
  private var samplers: [Int: Sampler] = [:]
  private var nextSampler = 0
  var active: [ActiveSample] = []
  var isDecoding = false

  init(_ configuration: LocalConfiguration) {
    self.configuration = configuration
    compute = Compute(threads: configuration.threads)
    store = CheckpointStore(folder: configuration.stateFolder)
    store.removeUnfinished()
  }

  /// The description of a model by name.
  func description(_ name: String) throws(LocalError) -> LocalModel {
    guard let model = configuration.models.first(where: { $0.name == name }) else {
      let known = configuration.models.map(\.name).joined(separator: ", ")
      throw .request("there is no model \(name); the engine has \(known)")
    }
    return model
  }

  /// A model by name, loaded when it is first asked for.
  func model(_ name: String) throws(LocalError) -> LoadedModel {
    if let model = models[name] { return model }
    let model = try LoadedModel(try description(name), compute)
    models[name] = model
    return model
  }

  /// A training run by its id.
  func run(_ id: String) throws(LocalError) -> Run {
    guard let run = runs[id] else { throw .request("there is no training run \(id)") }
    return run
  }

  /// The tokenizer of a model, which is loaded if it is not yet.
  func tokenizer(ofModel name: String) throws(LocalError) -> Tokenizer? {
    try model(name).tokenizer
  }

  /// What a training run says about itself.
  func state(ofRun id: String) throws(LocalError) -> TrainerState { try run(id).state }

  /// A sampler by its number.
  func sampler(_ number: Int) throws(LocalError) -> Sampler {
    guard let sampler = samplers[number] else { throw .request("there is no sampler \(number)") }
    return sampler
  }

  /// Keeps a sampler and gives its number.
  func keep(_ sampler: Sampler) -> Int {
    nextSampler += 1
    samplers[nextSampler] = sampler
    return nextSampler
  }

  /// Forgets a sampler; requests that run go on.
  func release(sampler number: Int) { samplers[number] = nil }

  /// Forgets a training run.
  func release(run id: String) { runs[id] = nil }
}
