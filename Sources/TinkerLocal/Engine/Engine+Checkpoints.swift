internal import TinkerData

extension Engine {
  /// Saves weights, and for training the optimizer's state.
  ///
  /// - Parameters:
  ///   - id: The training run.
  ///   - segment: The kind of weights.
  ///   - name: The name of the checkpoint.
  ///   - overwrites: Whether a checkpoint of that name is replaced.
  ///   - notes: Files that are kept beside the weights.
  /// - Returns: The path of the checkpoint.
  /// - Throws: `LocalError` for a name in use, and where writing fails.
  func save(
    run id: String, as segment: CheckpointStore.Segment, name: String, overwrites: Bool = false,
    notes: [(name: String, bytes: [UInt8])] = []
  ) throws(LocalError) -> String {
    let run = try run(id)
    let address = try store.address(run: id, segment: segment, name: name)
    var files = CheckpointFiles.weights(run.learner.pass, baseModel: run.state.baseModel)
    if run.isFull || segment == .weights { files.append(("trainer_state.json", run.state.bytes)) }
    if segment == .weights { files.append(CheckpointFiles.optimizer(run.learner)) }
    try store.write(files + notes, at: address, overwrites: overwrites)
    return address.path
  }

  /// Makes a training run from a checkpoint.
  func makeRun(id: String, fromState path: String, withOptimizer: Bool) throws(LocalError) {
    guard runs[id] == nil else { throw .request("there is a training run \(id) already") }
    runs[id] = try load(path, withOptimizer: withOptimizer)
  }

  /// Replaces the weights of a run by those of a checkpoint of the same base model.
  func load(run id: String, path: String, withOptimizer: Bool) throws(LocalError) {
    let old = try run(id)
    let new = try load(path, withOptimizer: withOptimizer)
    guard new.state.baseModel == old.state.baseModel else {
      throw .request(
        "\(path) belongs to \(new.state.baseModel), the training run to \(old.state.baseModel)")
    }
    runs[id] = new
  }

  private func load(_ path: String, withOptimizer: Bool) throws(LocalError) -> Run {
    let address = try store.address(path: path)
    guard address.segment == .weights else {
      throw .request("\(path) holds weights to sample from; training goes on from weights/ only")
    }
    let folder = try store.existing(address)
    var state = try TrainerState(folder: folder)
    let model = try model(state.baseModel)
    let pass: DecoderPass
    if state.rank == 0 {
      let weights = try DecoderWeights(
        folder: folder, configuration: model.weights.configuration, isTrained: true)
      pass = DecoderPass(compute, weights, adapters: nil)
    } else {
      let adapters = try AdapterFiles.load(folder: folder, for: model.weights)
      pass = DecoderPass(compute, model.weights, adapters: adapters)
    }
    let learner = Learner(pass)
    if withOptimizer {
      try CheckpointFiles.loadOptimizer(folder, step: state.step, into: learner)
    } else {
      state.step = 0
    }
    return Run(model, learner, state)
  }

  /// Makes a sampler of a checkpoint and gives its number.
  func makeSampler(path: String) throws(LocalError) -> Int {
    let address = try store.address(path: path)
    let folder = try store.existing(address)
    if FileSystem.exists(folder + "/adapter_config.json") {
      let name = try AdapterFiles.baseModel(folder: folder)
      let model = try model(name)
      let adapters = try AdapterFiles.load(folder: folder, for: model.weights)
      return keep(
        Sampler(model: model, pass: DecoderPass(compute, model.weights, adapters: adapters)))
    }
    let model = try model(try TrainerState(folder: folder).baseModel)
    let weights = try DecoderWeights(
      folder: folder, configuration: model.weights.configuration)
    return keep(Sampler(model: model, pass: DecoderPass(compute, weights, adapters: nil)))
  }

  /// Makes a sampler of a base model and gives its number.
  func makeSampler(baseModel: String) throws(LocalError) -> Int {
    let model = try model(baseModel)
    return keep(Sampler(model: model, pass: model.base))
  }

  /// Makes a sampler of the present weights of a run, which later steps do not change.
  func makeSampler(ofRun id: String) throws(LocalError) -> Int {
    let run = try run(id)
    let pass = run.learner.pass
    if let adapters = pass.adapters {
      let copy = AdapterSet(for: pass.weights, rank: adapters.rank, alpha: adapters.alpha) {
        adapters.modules.contains($0)
      }
      copy.values.copy(from: adapters.values)
      copy.repack()
      return keep(
        Sampler(model: run.model, pass: DecoderPass(compute, pass.weights, adapters: copy)))
    }
    let copy = try pass.weights.frozenCopy()
    return keep(Sampler(model: run.model, pass: DecoderPass(compute, copy, adapters: nil)))
  }
}
