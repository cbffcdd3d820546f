import Synchronization
import TinkerData
import TinkerJSON
import TinkerWire

/// What the clients of one service share: the connection, the server's configuration, and the session,
/// each set up when it is first needed.
final class ServiceCore: Sendable {
  /// A connection with the server's configuration. A reference, because the frames of thousands of
  /// waiting tasks hold it.
  final class Connected: Sendable {
    let connection: APIConnection
    let config: ClientConfig
    /// The configuration as it came, for handles.
    let configJSON: JSONValue
    let retries: OuterRetries
    let responses: Budget
    let passes: Budget
    let samples: SampleAdmission

    init(
      _ connection: APIConnection, _ config: ClientConfig, _ configJSON: JSONValue,
      _ retries: OuterRetries, time: Timekeeper
    ) {
      self.connection = connection
      self.config = config
      self.configJSON = configJSON
      self.retries = retries
      responses = Budget(bytes: config.responseBytes)
      passes = Budget(bytes: config.passDispatchBytes)
      samples = SampleAdmission(config, time: time)
    }
  }

  private struct State {
    var connected: Task<Connected, any Error>?
    var session: Task<String, any Error>?
    var dynamic = DynamicConfig()
    var dynamicJSON: JSONValue = [:]
    var loops: [Task<Void, Never>] = []
    var isClosed = false
    var telemetry: Telemetry?
    var nextModel = 0
    var nextSampler = 0
    var nextLoss = 0
    var reported: Set<String> = []
  }

  let options: ServiceOptions
  let log: @Sendable (LogLevel, String) -> Void
  let time: Timekeeper
  private let state = Mutex(State())
  private let presetConfig: (client: JSONValue, dynamic: JSONValue)?
  private let cancellations = AsyncStream<String>.makeStream()

  /// A core that fetches the configuration, or has that of a handle.
  init(
    _ options: ServiceOptions, presetConfig: (client: JSONValue, dynamic: JSONValue)? = nil
  ) {
    self.options = options
    self.presetConfig = presetConfig
    log = options.log ?? StandardErrorLog.make(options.environment)
    time = options.time
  }

  deinit {
    for loop in state.withLock({ $0.loops }) { loop.cancel() }
  }

  /// The server's flags as they are now.
  var dynamicConfig: DynamicConfig { state.withLock { $0.dynamic } }

  /// The server's flags as they came, for handles.
  var dynamicConfigJSON: JSONValue { state.withLock { $0.dynamicJSON } }

  /// Whether the client was closed.
  var isClosed: Bool { state.withLock { $0.isClosed } }

  /// The next number of a model in the session.
  func takeModelNumber() -> Int {
    state.withLock { state in
      defer { state.nextModel += 1 }
      return state.nextModel
    }
  }

  /// The next number of a sampler in the session.
  func takeSamplerNumber() -> Int {
    state.withLock { state in
      defer { state.nextSampler += 1 }
      return state.nextSampler
    }
  }

  /// The next number of a loss that the server computes.
  func takeLossNumber() -> Int {
    state.withLock { state in
      defer { state.nextLoss += 1 }
      return state.nextLoss
    }
  }

  // MARK: Setting up

  /// The connection; the first call fetches the configuration. A failed attempt is made again by the
  /// next call.
  func connected() async throws -> Connected {
    let task = try state.withLock { state throws(ClientError) in
      if state.isClosed { throw .closed }
      if let task = state.connected { return task }
      let task = Task { [self] in try await connect() }
      state.connected = task
      return task
    }
    do { return try await task.value } catch {
      state.withLock { if $0.connected == task { $0.connected = nil } }
      throw error
    }
  }

  /// The id of the session; the first call creates it.
  func sessionID() async throws -> String {
    let task = try state.withLock { state throws(ClientError) in
      if state.isClosed { throw .closed }
      if let task = state.session { return task }
      let task = Task { [self] in try await createSession() }
      state.session = task
      return task
    }
    do { return try await task.value } catch {
      state.withLock { if $0.session == task { $0.session = nil } }
      throw error
    }
  }

  /// The id of the session if it was begun.
  func startedSessionID() async throws -> String? {
    try await state.withLock { $0.session }?.value
  }

  /// Notes a failure that the caller sees, for telemetry if it is wanted.
  func note(_ error: any Error) { state.withLock { $0.telemetry }?.note(error) }

  /// Takes over the session of another process, for handles.
  func adoptSession(_ id: String) {
    state.withLock { $0.session = Task { id } }
    startLoops(sessionID: id)
  }

  private func connect() async throws -> Connected {
    let environment = options.environment
    let store = CredentialStore(path: options.credentialFile, environment: environment)
    let source = CredentialSource(
      argument: options.apiKey, environment: environment, stored: { try store.defaultKey() })
    var headers: [HTTPRequest.Header] = []
    if let id = environment["CLOUDFLARE_ACCESS_CLIENT_ID"] {
      headers.append(.init("CF-Access-Client-Id", id))
    }
    if let secret = environment["CLOUDFLARE_ACCESS_CLIENT_SECRET"] {
      headers.append(.init("CF-Access-Client-Secret", secret))
    }
    headers += options.headers.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }
    // Checked before anything is sent, so that a mistake is told without a connection.
    _ = try source.resolve(requiresCommand: false)
    let bootstrap = APIConnection(
      baseURL: options.resolvedBaseURL, transport: try options.transport ?? CurlTransport(),
      headers: headers,
      authenticator: Authenticator(
        resolve: { try source.resolve(requiresCommand: false) }, time: time),
      time: time, patience: options.deadline)

    let configJSON = try await clientConfig(bootstrap)
    let config = try Self.read(configJSON) { json throws(DataError) in
      try ClientConfig(json: json)
    }
    let connection: APIConnection
    if config.exchangesTokens {
      connection = bootstrap.authenticated(
        by: Authenticator(
          exchange: {
            let credential = try source.resolve(
              requiresCommand: config.requiresCredentialCommand)
            let call = APICall(.authToken, json: jsonBody([:]))
            let exchanging = bootstrap.authenticated(
              by: Authenticator(resolve: { credential }, time: bootstrap.time))
            guard let token = try await exchanging.json(call)["jwt"]?.text else {
              throw ClientError.unexpectedReply("the token exchange gave no token")
            }
            return try Credential(token)
          }, time: time))
    } else {
      connection = bootstrap
    }
    let outer = retries(config)
    if let presetConfig {
      try setDynamicConfig(presetConfig.dynamic)
    } else {
      try setDynamicConfig(try await fetchDynamicConfig(connection, outer))
    }
    return Connected(connection, config, configJSON, outer, time: time)
  }

  private func retries(_ config: ClientConfig) -> OuterRetries {
    OuterRetries(
      time: time,
      billing: BillingPause(limit: .seconds(config.billingPauseSeconds), time: time, log: log),
      patience: min(options.deadline ?? RetryRules.patience, RetryRules.patience), log: log)
  }

  private func clientConfig(_ connection: APIConnection) async throws -> JSONValue {
    if let presetConfig { return presetConfig.client }
    let body = jsonBody(["sdk_version": .text(APIConnection.protocolVersion)])
    // The limit of the billing pause is in the reply, so this call has the default.
    return try await retries(ClientConfig()).run {
      try await connection.json(APICall(.clientConfig, json: body))
    }
  }

  private func fetchDynamicConfig(
    _ connection: APIConnection, _ retries: OuterRetries
  ) async throws -> JSONValue {
    do {
      return try await retries.run { try await Self.dynamicConfig(connection) }
    } catch let error as ClientError where error.status == 404 {
      return [:]
    }
  }

  private func setDynamicConfig(_ json: JSONValue) throws {
    let dynamic = try Self.read(json) { json throws(DataError) in try DynamicConfig(json: json) }
    state.withLock { state in
      state.dynamic = dynamic
      state.dynamicJSON = json
    }
  }

  private static func dynamicConfig(_ connection: APIConnection) async throws -> JSONValue {
    var call = APICall(
      .dynamicConfig, json: jsonBody(["sdk_version": .text(APIConnection.protocolVersion)]))
    call.retries = 0
    call.timeout = .seconds(10)
    return try await connection.json(call)
  }

  private func createSession() async throws -> String {
    let connected = try await connected()
    let tags = (options.environment.value("TINKER_TAGS") ?? "")
      .split(separator: ",").map { JSONValue.text(String($0)) }
    let body = jsonBody([
      "tags": .array(tags), "user_metadata": .texts(options.userMetadata),
      "sdk_version": .text(APIConnection.protocolVersion),
      "project_id": .text(options.projectID.nonEmpty ?? options.environment["TINKER_PROJECT_ID"]),
      "display_name": .text(options.displayName), "type": "create_session",
    ])
    let reply = try await connected.connection.json(APICall(.createSession, json: body))
    for (member, level) in [
      ("info_message", LogLevel.info), ("warning_message", .warning), ("error_message", .error),
    ] {
      if let message = reply[member]?.text, !message.isEmpty { log(level, message) }
    }
    guard let id = reply["session_id"]?.text else {
      throw ClientError.unexpectedReply("create_session gave no session_id")
    }
    startLoops(sessionID: id)
    return id
  }

  // MARK: What runs in the background

  private func startLoops(sessionID: String) {
    let stream = cancellations.stream
    let time = time
    let log = log
    var loops = [
      Task { [weak self] in
        await Heartbeat(sessionID: sessionID, time: time, log: log).run {
          try await self?.connected().connection
        }
      },
      Task { [weak self] in
        while !Task.isCancelled {
          let pause = max(10, min(self?.dynamicConfig.refreshSeconds ?? 300, 1e6))
          do { try await time.sleep(.seconds(pause)) } catch { return }
          guard let self, let connection = try? await connected().connection else { return }
          if let fresh = try? await Self.dynamicConfig(connection) {
            try? setDynamicConfig(fresh)
          }
        }
      },
      Task { [weak self] in
        for await requestID in stream {
          guard let self else { return }
          await sendCancellation(requestID)
        }
      },
    ]
    let telemetry =
      Telemetry.isWanted(options.environment) ? Telemetry(sessionID: sessionID, time: time) : nil
    if let telemetry {
      loops.append(
        Task { [weak self] in await telemetry.run { try await self?.connected().connection } })
    }
    let all = loops
    state.withLock { state in
      state.loops += all
      state.telemetry = telemetry
    }
  }

  /// Tells the server that nobody waits for a sample any more, if it wants to know.
  func abandon(requestID: String) {
    guard dynamicConfig.cancelsSamples else { return }
    cancellations.continuation.yield(requestID)
  }

  private func sendCancellation(_ requestID: String) async {
    do {
      let connected = try await connected()
      var call = APICall(.cancelFuture, json: jsonBody(["request_id": .text(requestID)]))
      call.retries = 0
      call.timeout = .seconds(30)
      let ready = call
      _ = try await connected.retries.run { try await connected.connection.send(ready) }
    } catch {
      log(.warning, "request \(requestID) could not be cancelled: \(error)")
    }
  }

  /// Reports what the server does with a request.
  func report(_ report: QueueStateReport) {
    if let observer = options.onQueueState {
      observer(report)
      return
    }
    guard report.state != .active else { return }
    // Once for each operation's client and state; the same pause is not told again and again.
    let key = "\(report.operation.split(separator: " ").last ?? "") \(report.state)"
    if state.withLock({ $0.reported.insert(key).inserted }) { log(.warning, "\(report)") }
  }

  // MARK: Ending

  /// Ends the session. A second call does nothing.
  func close(reason: String, detail: String?) async throws {
    let (session, connected, loops, telemetry) = state.withLock { state in
      defer {
        state.isClosed = true
        state.loops = []
      }
      return (
        state.isClosed ? nil : state.session, state.connected, state.loops, state.telemetry
      )
    }
    guard let session, let connected else { return }
    for loop in loops { loop.cancel() }
    cancellations.continuation.finish()
    let id = try await session.value
    let body = jsonBody([
      "reason": ["type": .text(reason)], "detail": detail.map { .text($0) } ?? .null,
    ])
    let core = try await connected.value
    await telemetry?.end(core.connection)
    _ = try await core.retries.run {
      try await core.connection.send(
        APICall(.finishSession, Route.finishSession.path(id), json: body))
    }
  }

  /// Reads a reply; a mistake of the server is told as one.
  static func read<Value>(
    _ json: JSONValue, _ make: (JSONValue) throws(DataError) -> Value
  ) throws(ClientError) -> Value {
    do { return try make(json) } catch { throw .unexpectedReply(error.description) }
  }
}
