import TinkerData
import TinkerFiles
import TinkerJSON
import TinkerLocal
import TinkerWire

extension ServerCore {
  // MARK: Creating

  func createModel(_ request: CreateModelRequest) throws(Refusal) -> SubmissionReply {
    _ = try heard(of: request.sessionID)
    let id = "\(request.sessionID):train:\(request.number)"
    if let known = models[id]?.known[0] ?? nil {
      return SubmissionReply(requestID: known, modelID: id)
    }
    guard offered(request.baseModel) else { throw unknownModel(request.baseModel) }
    guard request.optimizer == "adamw" else {
      throw Refusal(400, "the optimizer \(request.optimizer) is not supported; adamw is")
    }
    let model = TrainedModel(
      id: id, sessionID: request.sessionID, baseModel: request.baseModel,
      loraRank: request.lora.rank, lora: request.lora, userMetadata: request.userMetadata)
    return try add(model, .create(request.lora))
  }

  func loadNewModel(
    _ request: LoadWeightsRequest, sessionID: String, number: Int, userMetadata: [String: String]?
  ) throws(Refusal) -> SubmissionReply {
    _ = try heard(of: sessionID)
    let id = "\(sessionID):train:\(number)"
    if let known = models[id]?.known[0] ?? nil {
      return SubmissionReply(requestID: known, modelID: id)
    }
    guard request.optimizer == nil || request.optimizer == "adamw" else {
      throw Refusal(400, "the optimizer \(request.optimizer ?? "") is not supported; adamw is")
    }
    let info = try catalog.weightsInfo(path: request.path)
    guard offered(info.baseModel) else { throw unknownModel(info.baseModel) }
    let model = TrainedModel(
      id: id, sessionID: sessionID, baseModel: info.baseModel, loraRank: info.loraRank ?? 0,
      lora: nil, userMetadata: userMetadata)
    return try add(
      model, .createFromState(path: request.path, withOptimizer: request.withOptimizer))
  }

  private func add(
    _ model: TrainedModel, _ work: TrainedModel.Work
  ) throws(Refusal) -> SubmissionReply {
    guard models.count < options.maximumModels else {
      throw Refusal(
        429,
        "\(models.count) models train, and no more are held; close sessions that are done",
        retryAfter: 5)
    }
    models[model.id] = model
    do throws(Refusal) {
      let id = try order(model, number: 0, bytes: 0, work)
      sessions[model.sessionID]?.modelIDs.append(model.id)
      return SubmissionReply(requestID: id, modelID: model.id)
    } catch {
      models[model.id] = nil
      throw error
    }
  }

  func offered(_ name: String) -> Bool { options.local.models.contains { $0.name == name } }

  func unknownModel(_ name: String) -> Refusal {
    let names = options.local.models.map(\.name).joined(separator: ", ")
    return Refusal(404, "there is no base model \(name); this server has \(names)")
  }

  func model(_ id: String) throws(Refusal) -> TrainedModel {
    guard let model = models[id] else {
      throw Refusal(
        404,
        "there is no model \(id): its session has ended, or the server was started anew;"
          + " a client can be created from its checkpoints")
    }
    sessions[model.sessionID]?.lastHeard = Machine.uptime
    model.lastRequest = Machine.now
    return model
  }

  func modelInfo(_ id: String) throws(Refusal) -> ModelInfo {
    let model = try model(id)
    if let failure = model.failure { throw Refusal(400, failure) }
    return ModelInfo(
      modelID: id, baseModel: model.baseModel, tokenizerID: tokenizerFolder(model.baseModel),
      architecture: architecture(model.baseModel), isLora: model.loraRank > 0,
      loraRank: model.loraRank)
  }

  /// The folder of a model's tokenizer, which clients load by its path.
  func tokenizerFolder(_ name: String) -> String? {
    guard let model = options.local.models.first(where: { $0.name == name }) else { return nil }
    if let folder = model.tokenizerFolder { return Machine.absolutePath(folder) }
    if case .folder(let folder) = model.source, Machine.exists(folder + "/tokenizer.json") {
      return Machine.absolutePath(folder)
    }
    return nil
  }

  private func architecture(_ name: String) -> String {
    guard let model = options.local.models.first(where: { $0.name == name }) else { return "qwen3" }
    return (try? model.configuration().vision) == nil ? "qwen3" : "qwen3_vl"
  }

  // MARK: Ordering

  /// Orders a request of a model and gives the id of its result.
  func order(
    modelID: String, number: Int, bytes: Int, _ work: TrainedModel.Work
  ) throws(Refusal) -> SubmissionReply {
    let model = try model(modelID)
    let place = number > 0 ? number : model.firstFree
    return SubmissionReply(
      requestID: try order(model, number: place, bytes: bytes, work), modelID: modelID)
  }

  private func order(
    _ model: TrainedModel, number: Int, bytes: Int, _ work: TrainedModel.Work
  ) throws(Refusal) -> String {
    if let known = model.known[number] {
      guard let known else {
        throw Refusal(400, "request \(number) of \(model.id) was refused before")
      }
      return known
    }
    guard number >= model.next else {
      throw Refusal(400, "request \(number) of \(model.id) is over; the next is \(model.next)")
    }
    try admit(bytes: bytes, isNext: number == model.next)
    let id = futures.add()
    model.known[number] = .some(id)
    model.waiting[number] = TrainedModel.Job(requestID: id, bytes: bytes, work: work)
    start(model)
    return id
  }

  /// Notes that a request was refused: its number counts as arrived.
  func refuse(_ place: RequestPlace) {
    guard let model = models[place.modelID], place.sequenceNumber >= model.next,
      model.known[place.sequenceNumber] == nil, model.known.count < 2 * TrainedModel.memory
    else { return }
    model.known[place.sequenceNumber] = .some(nil)
    model.waiting[place.sequenceNumber] = TrainedModel.Job(requestID: "", bytes: 0, work: .refused)
    start(model)
  }

  private func start(_ model: TrainedModel) {
    guard !model.isRunning, model.waiting[model.next] != nil else { return }
    model.isRunning = true
    Task { await run(model.id) }
  }

  /// Carries out what is next of a model until something is missing. One request of each model is with
  /// the engine at a time, and the engine takes them in turn.
  private func run(_ id: String) async {
    guard let model = models[id] else { return }
    while let job = model.waiting.removeValue(forKey: model.next) {
      model.next += 1
      model.forgetOld()
      if job.work.isRefused { continue }
      let outcome = await perform(job.work, model)
      futures.end(job.requestID, outcome)
      leave(bytes: job.bytes)
      model.lastRequest = Machine.now
    }
    model.isRunning = false
    if model.isReleased { drop(model) }
  }

  /// What a pending request waits for, if it is not simply its turn.
  func reason(ofWaiting requestID: String) -> String? {
    for model in models.values where model.isHeldUp {
      if model.waiting.values.contains(where: { $0.requestID == requestID }) {
        return "request \(model.next) of \(model.id) has not arrived"
      }
    }
    return nil
  }

  // MARK: Ending

  /// Forgets a model when its requests are done.
  func release(model id: String) {
    guard let model = models[id] else { return }
    model.isReleased = true
    if !model.isRunning { drop(model) }
  }

  private func drop(_ model: TrainedModel) {
    for job in model.waiting.values where !job.work.isRefused {
      futures.end(
        job.requestID,
        .failed(message: "the session of \(model.id) has ended", category: .user))
      leave(bytes: job.bytes)
    }
    models[model.id] = nil
    catalog.forgetRunWithoutCheckpoints(model.id)
  }
}
