internal import TinkerData

extension Engine {
  /// The largest rank of adapters.
  static let maximumRank = 1024

  /// Makes a training run with new adapters, or in full training with none.
  ///
  /// - Parameters:
  ///   - id: The id of the run, not in use.
  ///   - baseModel: The name of the base model.
  ///   - lora: The adapters; `nil` trains all weights.
  /// - Throws: `LocalError` for an id in use, an unknown model, or adapters that train nothing.
  func makeRun(id: String, baseModel: String, lora: LoraConfig?) throws(LocalError) {
    guard runs[id] == nil else { throw .request("there is a training run \(id) already") }
    let model = try model(baseModel)
    guard let lora else {
      guard model.vision == nil else {
        throw .request("\(baseModel) has a vision tower; only its adapters can be trained")
      }
      let weights = try LoadedModel.trainable(try description(baseModel))
      let state = TrainerState(
        baseModel: baseModel, rank: 0, alpha: 0, seed: 0, trainAttn: true, trainMLP: true,
        trainUnembed: true, step: 0)
      runs[id] = Run(model, Learner(DecoderPass(compute, weights, adapters: nil)), state)
      return
    }
    guard lora.trainAttn || lora.trainMLP || lora.trainUnembed else {
      throw .request(
        "train_attn, train_mlp and train_unembed are all false: nothing would be trained")
    }
    guard lora.rank >= 1, lora.rank <= Self.maximumRank else {
      throw .request("rank is \(lora.rank); a number from 1 to \(Self.maximumRank) is needed")
    }
    let seed = lora.seed ?? RandomStream.systemSeed()
    let adapters = AdapterSet(
      for: model.weights, rank: lora.rank, alpha: configuration.loraAlpha
    ) { Self.adapts(lora, $0) }
    adapters.initialise(seed: seed)
    let state = TrainerState(
      baseModel: baseModel, rank: lora.rank, alpha: configuration.loraAlpha, seed: seed,
      trainAttn: lora.trainAttn, trainMLP: lora.trainMLP, trainUnembed: lora.trainUnembed, step: 0)
    runs[id] = Run(
      model, Learner(DecoderPass(compute, model.weights, adapters: adapters)), state)
  }

  private static func adapts(_ lora: LoraConfig, _ module: String) -> Bool {
    if module == "lm_head" { return lora.trainUnembed }
    return module.contains(".self_attn.") ? lora.trainAttn : lora.trainMLP
  }

  /// A forward pass, or a forward and backward pass.
  func pass(
    run id: String, _ data: [Datum], loss function: LossFunction, learns: Bool
  ) throws -> ForwardBackwardOutput {
    let run = try run(id)
    let loss = try Loss(function)
    guard !data.isEmpty else { throw LocalError.request("there is no datum") }
    var examples: [Learner.Example] = []
    for (number, datum) in data.enumerated() {
      let place = "datum \(number)"
      let sequence = try run.model.sequence(datum.modelInput, place: place)
      let inputs = try LossInputs(
        datum, loss: loss, length: sequence.tokens.count,
        vocabulary: run.model.weights.configuration.vocabularySize, place: place)
      examples.append(Learner.Example(sequence: sequence, inputs: inputs, place: place))
    }
    let result = try run.learner.run(examples, loss: loss, learns: learns)
    var outputs: [ForwardBackwardOutput.LossOutput] = []
    for (example, logprobs) in zip(examples, result.logprobs) {
      let tensor = try TensorData(elements: .floats(logprobs), shape: example.inputs.shape)
      outputs.append(.init(tensors: [.init(name: "logprobs", tensor: tensor)]))
    }
    return ForwardBackwardOutput(
      outputType: "ArrayRecord", lossOutputs: outputs, metrics: ["loss:sum": result.loss])
  }

  /// A forward pass, and a second pass over examples made from its output.
  func twoPasses(
    run id: String, _ data: [Datum], loss: LossFunction,
    then: @Sendable (ForwardBackwardOutput) throws -> SecondPass
  ) throws -> ForwardBackwardOutput {
    let first = try pass(run: id, data, loss: loss, learns: false)
    let second = try then(first)
    return second.finish(try pass(run: id, second.data, loss: loss, learns: true))
  }

  /// An optimizer step.
  func step(run id: String, _ params: AdamParams) throws(LocalError) -> OptimStepOutput {
    let run = try run(id)
    let norm = try run.learner.step(params)
    run.state.step = run.learner.state.step
    return OptimStepOutput(metrics: [
      "optim/grad_norm": norm, "optim/lr": params.learningRate,
    ])
  }
}
