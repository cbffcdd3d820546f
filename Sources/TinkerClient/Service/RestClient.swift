public import TinkerData
import TinkerJSON
public import TinkerWire

/// Whose runs and sessions are meant.
public enum AccessScope: String, Sendable, Hashable {
  /// One's own.
  case owned
  /// All that one may see.
  case accessible
}

/// Runs, checkpoints and sessions. Needs no session of its own.
public final class RestClient: Sendable {
  private static let tracePause = Duration.seconds(5)

  let core: ServiceCore

  init(_ core: ServiceCore) { self.core = core }

  /// A client with a connection of its own.
  public convenience init(_ options: ServiceOptions = ServiceOptions()) {
    self.init(ServiceCore(options))
  }

  // MARK: Models

  /// The models of the service.
  public func supportedModels() async throws -> [SupportedModel] {
    try await get(APICall(.capabilities)) { json throws(DataError) in
      try JSONFields(json, at: "capabilities").array("supported_models") {
        (value, place) throws(DataError) in try SupportedModel(json: value, at: place)
      }
    }
  }

  /// Whether the service answers, in its own word.
  public func health() async throws -> String {
    try await get(APICall(.health)) { json throws(DataError) in
      try JSONFields(json, at: "health").string("status")
    }
  }

  // MARK: Runs

  /// A training run.
  public func getTrainingRun(
    id: String, accessScope: AccessScope = .owned
  ) async throws -> TrainingRun {
    try await get(
      APICall(
        .trainingRun, Route.trainingRun.path(id),
        query: [("access_scope", accessScope.rawValue)])
    ) { json throws(DataError) in try TrainingRun(json: json) }
  }

  /// The training run of a checkpoint.
  public func getTrainingRun(
    checkpointPath: String, accessScope: AccessScope = .owned
  ) async throws -> TrainingRun {
    try await getTrainingRun(id: try parse(checkpointPath).runID, accessScope: accessScope)
  }

  /// A page of training runs, the last first.
  ///
  /// - Parameters:
  ///   - limit: The most runs of the page.
  ///   - offset: The runs before it.
  ///   - accessScope: Whose runs.
  ///   - projectID: Only those of a project.
  /// - Returns: The page.
  /// - Throws: ``ClientError``.
  public func listTrainingRuns(
    limit: Int = 20, offset: Int = 0, accessScope: AccessScope = .owned,
    projectID: String? = nil
  ) async throws -> Page<TrainingRun> {
    var query = page(limit, offset) + [("access_scope", accessScope.rawValue)]
    if let projectID { query.append(("project_id", projectID)) }
    return try await get(APICall(.trainingRuns, query: query)) { json throws(DataError) in
      let fields = JSONFields(json, at: "training runs")
      return Page(
        elements: try fields.array("training_runs") { (value, place) throws(DataError) in
          try TrainingRun(json: value, at: place)
        }, cursor: try Self.cursor(fields))
    }
  }

  // MARK: Checkpoints

  /// The checkpoints of a run.
  public func listCheckpoints(runID: String) async throws -> Page<Checkpoint> {
    try await checkpoints(APICall(.runCheckpoints, Route.runCheckpoints.path(runID)))
  }

  /// A page of all checkpoints of the account.
  ///
  /// - Parameters:
  ///   - limit: The most checkpoints of the page.
  ///   - offset: The checkpoints before it.
  /// - Returns: The page.
  /// - Throws: ``ClientError``.
  public func listUserCheckpoints(
    limit: Int = 100, offset: Int = 0
  ) async throws -> Page<Checkpoint> {
    try await checkpoints(APICall(.checkpoints, query: page(limit, offset)))
  }

  /// Removes a checkpoint.
  public func deleteCheckpoint(path: String) async throws {
    try await change(.deleteCheckpoint, path)
  }

  /// Lets everybody use a checkpoint. One that is public already is an error.
  public func publishCheckpoint(path: String) async throws {
    try await change(.publishCheckpoint, path, conflictIsFinal: true)
  }

  /// Lets only the owner use a checkpoint.
  public func unpublishCheckpoint(path: String) async throws {
    try await change(.unpublishCheckpoint, path, conflictIsFinal: true)
  }

  /// Sets when a checkpoint is removed.
  ///
  /// - Parameters:
  ///   - path: The checkpoint's path.
  ///   - ttlSeconds: The seconds until it is removed; `nil` keeps it for ever.
  /// - Throws: ``ClientError``.
  public func setCheckpointTTL(path: String, ttlSeconds: Int?) async throws {
    try await change(
      .checkpointTimeToLive, path,
      body: jsonBody(["ttl_seconds": ttlSeconds.map { .int($0) } ?? .null]))
  }

  /// What a checkpoint holds.
  public func getWeightsInfo(path: String) async throws -> WeightsInfo {
    _ = try parse(path)
    return try await get(APICall(.weightsInfo, json: jsonBody(["tinker_path": .text(path)]))) {
      json throws(DataError) in try WeightsInfo(json: json)
    }
  }

  /// Signed addresses of the files of external weights. They are credentials for a while.
  public func getExternalWeightsURLs(path: String) async throws -> ExternalWeightsURLs {
    let parsed = try parse(path)
    guard parsed.kind == .external else {
      throw ClientError.invalidArgument(
        .parameter(name: "path", "\(path) is not a checkpoint of external weights"))
    }
    return try await get(
      APICall(
        .externalWeightsURLs,
        Route.externalWeightsURLs.path(parsed.runID, parsed.segment, parsed.name))
    ) { json throws(DataError) in try ExternalWeightsURLs(json: json) }
  }

  /// Copies a checkpoint into a project.
  ///
  /// - Parameters:
  ///   - path: The checkpoint's path.
  ///   - destinationProjectID: The project; `nil` takes that of the environment.
  ///   - ttlSeconds: The seconds until the copy is removed; `nil` keeps it.
  ///   - weightsAccessToken: A token of the checkpoint's owner, for a checkpoint of another account.
  /// - Returns: The path of the copy.
  /// - Throws: ``ClientError``.
  public func copyWeights(
    path: String, destinationProjectID: String? = nil, ttlSeconds: Int? = nil,
    weightsAccessToken: String? = nil
  ) async throws -> String {
    let project = destinationProjectID ?? core.options.environment["TINKER_PROJECT_ID"]
    guard let project else {
      throw ClientError.configuration("copying needs a project: pass one or set TINKER_PROJECT_ID")
    }
    var call = APICall(
      .copyWeights,
      json: jsonBody([
        "source_path": .text(path), "destination_project_id": .text(project),
        "ttl_seconds": .int(ttlSeconds),
      ]))
    // One key over all tries: a copy that was made is not made again.
    call.idempotencyKey = APIConnection.newKey()
    if let weightsAccessToken {
      call.headers.append(.init("X-Tinker-Weights-Access-Token", weightsAccessToken))
    }
    return try await get(call) { json throws(DataError) in
      try JSONFields(json, at: "copied weights").string("tinker_path")
    }
  }

  // MARK: Sessions and samplers

  /// A session.
  public func getSession(
    id: String, accessScope: AccessScope = .owned
  ) async throws -> SessionInfo {
    try await get(
      APICall(
        .session, Route.session.path(id), query: [("access_scope", accessScope.rawValue)])
    ) { json throws(DataError) in try SessionInfo(json: json) }
  }

  /// The ids of a page of sessions.
  ///
  /// - Parameters:
  ///   - limit: The most sessions of the page.
  ///   - offset: The sessions before it.
  ///   - accessScope: Whose sessions.
  /// - Returns: The ids.
  /// - Throws: ``ClientError``.
  public func listSessions(
    limit: Int = 20, offset: Int = 0, accessScope: AccessScope = .owned
  ) async throws -> [String] {
    let query = page(limit, offset) + [("access_scope", accessScope.rawValue)]
    return try await get(APICall(.sessions, query: query)) { json throws(DataError) in
      try JSONFields(json, at: "sessions").array("sessions", text)
    }
  }

  /// Searches sessions, the last first. The service calls this experimental.
  public func searchSessions(
    _ search: SessionSearch = SessionSearch()
  ) async throws -> SessionSearchPage {
    let body: [UInt8]
    do { body = try search.body() } catch { throw ClientError.invalidArgument(error) }
    return try await get(APICall(.searchSessions, json: body)) { json throws(DataError) in
      try SessionSearchPage(json: json)
    }
  }

  /// Moves a session to a project.
  public func assignSessionProject(sessionID: String, projectID: String) async throws {
    let call = APICall(
      .sessionProject, Route.sessionProject.path(sessionID),
      json: jsonBody(["project_id": .text(projectID)]))
    _ = try await send(call)
  }

  /// The address of a session's trace, once the service has made it.
  public func exportSessionTrace(sessionID: String) async throws -> String {
    while true {
      let json = try await get(
        APICall(.sessionTrace, Route.sessionTrace.path(sessionID))
      ) { json throws(DataError) in json }
      switch json["status"]?.text {
      case "ready":
        guard let url = json["url"]?.text else {
          throw ClientError.unexpectedReply("the trace is ready without an address")
        }
        return url
      case "failed":
        throw ClientError.unexpectedReply(
          "the trace cannot be made: \(json["error"]?.text ?? "no reason given")")
      default: try await core.time.sleep(Self.tracePause)
      }
    }
  }

  /// A sampler.
  public func getSampler(id: String) async throws -> SamplerInfo {
    try await get(APICall(.sampler, Route.sampler.path(id))) { json throws(DataError) in
      try SamplerInfo(json: json)
    }
  }

  // MARK: Who one is

  /// Who a token belongs to.
  public struct Identity: Sendable, Hashable {
    /// The user's name in the service's form.
    public var user: String?
    /// The organization's name in the service's form.
    public var organization: String?
    /// The user's address.
    public var email: String?
  }

  /// Who the credential belongs to, from the claims of its token.
  ///
  /// - Throws: ``ClientError/configuration(_:)`` for a plain key that the server does not exchange.
  public func whoami() async throws -> Identity {
    let token = try await core.connected().connection.token()
    guard let claims = token.claims else {
      throw ClientError.configuration(
        "who a plain API key belongs to is not told: the server exchanges no tokens, so a token "
          + "(eyJ…) is needed as TINKER_API_KEY or from TINKER_CREDENTIAL_CMD")
    }
    return Identity(
      user: claims["sub"]?.text,
      organization: claims["org_id"]?.text.map { "tml:organization:\($0)" },
      email: claims["email"]?.text)
  }

  // MARK: Calls

  private func send(_ call: APICall) async throws -> HTTPResponse {
    let connected = try await core.connected()
    return try await connected.retries.run(conflictIsFinal: call.conflictIsFinal) {
      try await connected.connection.send(call)
    }
  }

  private func get<Value: Sendable>(
    _ call: APICall, _ read: (JSONValue) throws(DataError) -> Value
  ) async throws -> Value {
    try ServiceCore.read(try APIConnection.json(try await send(call).body, of: call), read)
  }

  private func checkpoints(_ call: APICall) async throws -> Page<Checkpoint> {
    try await get(call) { json throws(DataError) in
      let fields = JSONFields(json, at: "checkpoints")
      return Page(
        elements: try fields.array("checkpoints") { (value, place) throws(DataError) in
          try Checkpoint(json: value, at: place)
        }, cursor: try Self.cursor(fields))
    }
  }

  private func change(
    _ route: Route, _ path: String, conflictIsFinal: Bool = false, body: [UInt8]? = nil
  ) async throws {
    let parsed = try parse(path)
    var call = APICall(route, route.path(parsed.runID, parsed.segment, parsed.name))
    call.body = body
    call.conflictIsFinal = conflictIsFinal
    _ = try await send(call)
  }

  private func parse(_ path: String) throws(ClientError) -> CheckpointPath {
    do { return try CheckpointPath(path) } catch { throw .invalidArgument(error) }
  }

  private func page(_ limit: Int, _ offset: Int) -> [(name: String, value: String)] {
    [("limit", String(limit)), ("offset", String(offset))]
  }

  private static func cursor(_ fields: JSONFields) throws(DataError) -> PageCursor? {
    guard let value = try fields["cursor"] else { return nil }
    return try PageCursor(json: value)
  }
}
