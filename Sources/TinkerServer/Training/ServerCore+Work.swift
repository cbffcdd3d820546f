import TinkerData
import TinkerFiles
import TinkerJSON
import TinkerLocal
import TinkerWire

extension ServerCore {
  /// Carries out a request of a model.
  func perform(_ work: TrainedModel.Work, _ model: TrainedModel) async -> Futures.Outcome {
    do {
      switch work {
      case .create(let lora):
        try await creating(model) { service in
          try await service.makeTrainer(run: model.id, baseModel: model.baseModel, lora: lora)
        }
        return .json(jsonBody(["model_id": .text(model.id), "type": "create_model"]))
      case .createFromState(let path, let withOptimizer):
        try await creating(model) { service in
          try await service.makeTrainer(
            run: model.id, fromState: path, withOptimizer: withOptimizer)
        }
        return loaded(model, path)
      case .pass(let data, let loss, let isForwardOnly):
        return .pass(try await pass(model, data, loss, isForwardOnly))
      case .step(let params):
        let output = try await trainer(model).optimStep(params).value
        model.steps += 1
        model.curve.endStep(model.steps)
        return .json(output.json)
      case .save(let request, let segment):
        return .json(try await save(model, request, segment))
      case .makeSampler(let id, let isInflight):
        return .json(try await makeSampler(model, id: id, isInflight: isInflight))
      case .load(let path, let withOptimizer):
        try await trainer(model).loadState(path: path, withOptimizer: withOptimizer).value
        return loaded(model, path)
      case .refused: return .json([])
      }
    } catch { return outcome(of: error) }
  }

  private func trainer(_ model: TrainedModel) throws -> LocalTrainer {
    if let trainer = model.trainer { return trainer }
    throw LocalError.request(model.failure ?? "the model \(model.id) was not created")
  }

  private func loaded(_ model: TrainedModel, _ path: String) -> Futures.Outcome {
    .json(jsonBody(["path": .text(path), "model_id": .text(model.id), "type": "load_weights"]))
  }

  private func creating(
    _ model: TrainedModel, _ make: (LocalService) async throws -> LocalTrainer
  ) async throws {
    do {
      let trainer = try await make(service)
      model.trainer = trainer
      let state = try await trainer.state()
      model.loraRank = state.rank
      model.lora = LoraConfig(
        rank: max(1, state.rank), seed: state.seed, trainUnembed: state.trainUnembed,
        trainMLP: state.trainMLP, trainAttn: state.trainAttn)
      try catalog.write(run: record(model))
    } catch {
      // A model that never was takes no place; what was ordered behind it learns why.
      model.failure = "\(error)"
      release(model: model.id)
      throw error
    }
  }

  private func record(_ model: TrainedModel) -> RunRecord {
    RunRecord(
      id: model.id, sessionID: model.sessionID, baseModel: model.baseModel,
      loraRank: model.loraRank, userMetadata: model.userMetadata, time: model.lastRequest)
  }

  private func pass(
    _ model: TrainedModel, _ data: [Datum], _ loss: LossFunction, _ isForwardOnly: Bool
  ) async throws -> [UInt8] {
    let trainer = try trainer(model)
    guard loss.name != "custom" else {
      throw LocalError.request(
        "custom losses are computed by the client here; this server keeps none")
    }
    let operation =
      isForwardOnly
      ? try trainer.forward(data, loss: loss) : try trainer.forwardBackward(data, loss: loss)
    let output = try await operation.value
    if !isForwardOnly {
      let weights = data.map { datum in
        datum.lossInput(named: "weights")?.dense.floats
          ?? datum.lossInput(named: "advantages")?.dense.floats.map { $0 == 0 ? 0 : 1 } ?? []
      }
      model.curve.add(
        loss: output.metrics["loss:sum"] ?? .nan, weight: LossCurve.weight(of: weights))
    }
    return try output.serialized()
  }

  private func save(
    _ model: TrainedModel, _ request: SaveRequest, _ segment: CheckpointStore.Segment
  ) async throws -> [UInt8] {
    let trainer = try trainer(model)
    let now = Machine.now
    let note = CheckpointNote(
      time: now, expires: request.secondsToLive.map { now + $0 }, isPublic: false,
      userMetadata: request.userMetadata, baseModel: model.baseModel, loraRank: model.loraRank,
      trainUnembed: model.lora?.trainUnembed ?? true, trainMLP: model.lora?.trainMLP ?? true,
      trainAttn: model.lora?.trainAttn ?? true)
    let path = try await trainer.save(
      as: segment, name: request.name ?? "", overwrites: request.overwrites,
      notes: [(CheckpointNote.fileName, note.bytes)]
    ).value
    try catalog.write(run: record(model))
    forgetWeights(ofPath: path)
    switch segment {
    case .weights: return jsonBody(["path": .text(path), "type": "save_weights"])
    case .sampler: return jsonBody(["path": .text(path), "type": "save_weights_for_sampler"])
    case .external:
      return jsonBody([
        "path": .text(path), "size_bytes": .int(catalog.checkpoint(path: path)?.byteCount),
        "type": "save_weights_external",
      ])
    }
  }

  private func makeSampler(
    _ model: TrainedModel, id: String, isInflight: Bool
  ) async throws -> [UInt8] {
    let sampler = try await trainer(model).makeLocalSampler().value
    if isInflight, let weights = model.inflight {
      weights.loaded = sampler
      add(sampler: id, model.sessionID, weights)
    } else {
      let weights = SampledWeights(.unnamed(model.id), baseModel: model.baseModel)
      weights.loaded = sampler
      if isInflight { model.inflight = weights }
      add(sampler: id, model.sessionID, weights)
      noteLoaded(weights)
    }
    return jsonBody([
      "sampling_session_id": .text(id), "type": "save_weights_for_sampler",
    ])
  }
}
