import TinkerData
import TinkerFiles
import TinkerJSON
import TinkerLocal
import TinkerWire

extension ServerCore {
  /// The most checkpoints that the status lists.
  private static let listedCheckpoints = 100

  /// What has to be done from time to time.
  func keepHouse() {
    for path in catalog.removeExpired() { forgetWeights(ofPath: path) }
    finishSilentSessions()
  }

  /// The runs, those that train and those on the disk, the last used first.
  func runs() -> [RunRecord] {
    var found = catalog.runs()
    for model in models.values where model.trainer != nil {
      let record = RunRecord(
        id: model.id, sessionID: model.sessionID, baseModel: model.baseModel,
        loraRank: model.loraRank, userMetadata: model.userMetadata, time: model.lastRequest)
      if let index = found.firstIndex(where: { $0.id == model.id }) {
        found[index] = record
      } else {
        found.append(record)
      }
    }
    return found.sorted { ($1.time, $1.id) < ($0.time, $0.id) }
  }

  /// A request that is done already: unloading.
  func done(model id: String) -> String {
    let request = futures.add()
    futures.end(
      request, .json(jsonBody(["model_id": .text(id), "type": "unload_model"])))
    return request
  }

  /// What the status page shows.
  func status() -> JSONValue {
    let trained = models.values.sorted { $0.id < $1.id }.map { model -> JSONValue in
      // What is not held up has no member here; a null would be one.
      let missing: Int? = model.isHeldUp ? model.next : nil
      return JSONValue.members([
        "id": .text(model.id), "base_model": .text(model.baseModel),
        "rank": .int(model.loraRank), "steps": .int(model.steps),
        "waiting": .int(model.waiting.count), "running": .bool(model.isRunning),
        "missing": .int(missing),
        "loss": .array(
          model.curve.points.map { [.int($0.step), .number(.double($0.loss))] }),
      ])
    }
    let checkpoints = catalog.store.runs().flatMap { catalog.checkpoints(run: $0) }
      .sorted { ($1.time, $1.path) < ($0.time, $0.path) }.prefix(Self.listedCheckpoints)
    let offered = options.local.models.map { model in
      JSONValue.members([
        "name": .text(model.name),
        "context": .int((try? model.configuration())?.contextLength),
        "tokenizer": .text(tokenizerFolder(model.name)),
      ])
    }
    let samples = recentSamples.reversed().map { note in
      JSONValue.members([
        "time": .int(note.time), "model": .text(note.model), "prompt": .text(note.prompt),
        "text": .text(note.text),
      ])
    }
    return .members([
      "started": .int(startedAt), "now": .int(Machine.now), "base_models": .array(offered),
      "sessions": .int(sessions.count), "samplers": .int(samplers.count),
      "waiting": .int(waiting.count), "waiting_bytes": .int(waiting.bytes),
      "waiting_samples": .int(sampleLine.count), "running_samples": .int(runningSamples.count),
      "models": .array(trained), "samples": .array(samples),
      "checkpoints": .array(checkpoints.map(\.json)),
    ])
  }
}
