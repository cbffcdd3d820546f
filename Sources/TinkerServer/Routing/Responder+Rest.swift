import TinkerData
import TinkerFiles
import TinkerJSON
import TinkerLocal
import TinkerWire

extension Catalog {
  static func wrongTimeToLive(_ seconds: Int) -> String {
    "ttl_seconds is \(seconds); a number from \(timesToLive.lowerBound) to"
      + " \(timesToLive.upperBound) is needed"
  }
}

extension Responder {
  private static let urlSeconds = 3600

  /// Runs, checkpoints and sessions as they are kept.
  func answerRest(
    _ route: Route, _ parameters: [String], _ request: ServerRequest
  ) async throws -> ServerReply? {
    let catalog = core.catalog
    switch route {
    case .trainingRuns:
      return .json(
        page(await core.runs(), request, 20, "training_runs") { catalog.trainingRun($0) })
    case .trainingRun: return .json(try await run(parameters[0]).json)
    case .runCheckpoints:
      _ = try await run(parameters[0])
      let found = catalog.checkpoints(run: parameters[0]).map(\.json)
      return .json(.members(["checkpoints": .array(found)]))
    case .checkpoints:
      let all = catalog.store.runs().flatMap { catalog.checkpoints(run: $0) }
        .sorted { ($1.time, $1.path) < ($0.time, $0.path) }
      return .json(page(all, request, 100, "checkpoints") { $0 })
    case .deleteCheckpoint:
      let address = try address(parameters)
      try catalog.delete(address)
      await core.forgetWeights(ofPath: address.path)
      return .empty
    case .publishCheckpoint, .unpublishCheckpoint:
      try catalog.change(try address(parameters)) { $0.isPublic = route == .publishCheckpoint }
      return .empty
    case .checkpointTimeToLive:
      let seconds = try JSONFields(try json(request), at: "ttl").optionalInt("ttl_seconds")
      if let seconds, !Catalog.timesToLive.contains(seconds) {
        throw Refusal(400, Catalog.wrongTimeToLive(seconds))
      }
      try catalog.change(try address(parameters)) { note in
        note.expires = seconds.map { Machine.now + $0 }
      }
      return .empty
    case .externalWeightsURLs:
      let address = try address(parameters)
      guard address.segment == .external else {
        throw Refusal(400, "\(address.path) holds no external weights")
      }
      let folder = try catalog.folder(address)
      return .json(
        files.urls(
          of: address, in: folder, host: request.headers["host"] ?? "localhost",
          until: Machine.now + Self.urlSeconds
        ).json)
    case .weightsInfo:
      let path = try JSONFields(try json(request), at: "weights_info").string("tinker_path")
      return .json(try catalog.weightsInfo(path: path).json)
    case .copyWeights: return .json(try await copy(try json(request)))
    default: return try await answerKeptSessions(route, parameters, request)
    }
  }

  private func answerKeptSessions(
    _ route: Route, _ parameters: [String], _ request: ServerRequest
  ) async throws -> ServerReply? {
    switch route {
    case .sessions:
      let ids = page(await core.sessionIDs(), request, 20)
      return .json(.members(["sessions": .array(ids.map { .text($0) })]))
    case .session: return .json(try await core.sessionInfo(parameters[0]).json)
    case .searchSessions: return .json(try await core.searchSessions(try json(request)))
    case .sessionProject:
      let project = try JSONFields(try json(request), at: "project").optionalString("project_id")
      try await core.setProject(session: parameters[0], project)
      return .empty
    case .sessionTrace:
      return .json(["status": "failed", "error": "a local server keeps no traces"])
    default: return nil
    }
  }

  private func run(_ id: String) async throws -> TrainingRun {
    guard let record = await core.runs().first(where: { $0.id == id }) else {
      throw Refusal(404, "there is no training run \(id.prefix(200))")
    }
    return core.catalog.trainingRun(record)
  }

  private func address(_ parameters: [String]) throws(Refusal) -> CheckpointStore.Address {
    try core.catalog.address(run: parameters[0], segment: parameters[1], name: parameters[2])
  }

  // MARK: Pages

  private func page<Element>(
    _ all: [Element], _ request: ServerRequest, _ absent: Int
  ) -> ArraySlice<Element> {
    let offset = min(max(0, request.number("offset") ?? 0), all.count)
    let limit = min(max(0, request.number("limit") ?? absent), all.count - offset)
    return all[offset..<offset + limit]
  }

  private func page<Element>(
    _ all: [Element], _ request: ServerRequest, _ absent: Int, _ name: String,
    _ value: (Element) -> some ListedValue
  ) -> JSONValue {
    let rows = page(all, request, absent).map { value($0).json }
    let cursor = PageCursor(
      offset: max(0, request.number("offset") ?? 0),
      limit: max(0, request.number("limit") ?? absent), totalCount: all.count)
    var object = JSONObject()
    object.set(JSONString(name), to: .array(rows))
    object.set("cursor", to: cursor.json)
    return .object(object)
  }

  // MARK: Copies

  private func copy(_ json: JSONValue) async throws -> JSONValue {
    let fields = JSONFields(json, at: "copy_weights")
    let source = try core.catalog.address(path: try fields.string("source_path"))
    let seconds = try fields.optionalInt("ttl_seconds")
    if let seconds, !Catalog.timesToLive.contains(seconds) {
      throw Refusal(400, Catalog.wrongTimeToLive(seconds))
    }
    let run: String
    if let session = try fields.optionalString("session_id") {
      run = "\(session):train:\(try fields.int("model_seq_id"))"
    } else {
      _ = try fields.string("destination_project_id")
      run = "copy-" + String(RandomStream.systemSeed(), radix: 36)
    }
    let path = try core.catalog.copy(source, toRun: run, secondsToLive: seconds)
    return .members(["tinker_path": .text(path)])
  }
}

/// What lists hold.
protocol ListedValue {
  var json: JSONValue { get }
}

extension TrainingRun: ListedValue {}
extension Checkpoint: ListedValue {}
