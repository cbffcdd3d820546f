public import TinkerData
import TinkerJSON
import TinkerWire

/// The way into the service: makes trainers, samplers and checkpoints' clients, which share one session.
///
/// Nothing is sent before something is needed. End with ``close(status:detail:)``, or use
/// ``withSession(_:_:)``, so that the service knows how the session ended.
public final class ServiceClient: ServiceBackend {
  /// How a session ended.
  public enum Status: String, Sendable, Hashable {
    /// As it should.
    case success
    /// By an error.
    case errored
    /// By hand.
    case interrupted
  }

  let core: ServiceCore

  /// A client of the service.
  public init(_ options: ServiceOptions = ServiceOptions()) {
    core = ServiceCore(options)
  }

  /// Does work with a client and ends its session as the work ended.
  public static func withSession<Value: Sendable>(
    _ options: ServiceOptions = ServiceOptions(),
    _ work: (ServiceClient) async throws -> Value
  ) async throws -> Value {
    let client = ServiceClient(options)
    do {
      let value = try await work(client)
      try await client.close(status: .success)
      return value
    } catch {
      try? await client.close(
        status: error is CancellationError ? .interrupted : .errored, detail: "\(error)")
      throw error
    }
  }

  /// The id of the session, which is created if there is none yet.
  public func sessionID() async throws -> String { try await core.sessionID() }

  /// The models of the service.
  public func supportedModels() async throws -> [SupportedModel] {
    try await createRestClient().supportedModels()
  }

  /// A client for runs, checkpoints and sessions, over the same connection.
  public func createRestClient() -> RestClient { RestClient(core) }

  /// Ends the session. A second call does nothing; every other call then throws
  /// ``ClientError/closed``.
  public func close(status: Status = .success, detail: String? = nil) async throws {
    try await core.close(reason: status.rawValue, detail: detail)
  }

  // MARK: Training

  /// A new model in training with a new adapter.
  ///
  /// - Parameters:
  ///   - baseModel: The name of the base model.
  ///   - lora: The adapter; by default rank 32 on everything.
  ///   - optimizer: The optimizer that its steps will use.
  ///   - userMetadata: Texts to keep with the run.
  /// - Returns: The client.
  /// - Throws: ``ClientError``.
  public func createLoraTrainingClient(
    baseModel: String, lora: LoraConfig = LoraConfig(), optimizer: OptimizerConfig = .adamW,
    userMetadata: [String: String]? = nil
  ) async throws -> TrainingClient {
    do { try lora.validate() } catch { throw ClientError.invalidArgument(error) }
    let loraJSON = try JSONValue.written { lora.write(to: &$0) }
    return try await createModel(.createModel, .createModel) { session, number in
      [
        "session_id": .text(session), "model_seq_id": .int(number),
        "base_model": .text(baseModel), "user_metadata": .texts(userMetadata),
        "lora_config": loraJSON, "optimizer_config": optimizer.json, "type": "create_model",
      ]
    }
  }

  /// A new model in training with the weights of a checkpoint and a new optimizer.
  ///
  /// - Parameters:
  ///   - path: The path of a training checkpoint.
  ///   - baseModel: The base model, if it is known.
  ///   - optimizer: The optimizer; `nil` takes the checkpoint's kind.
  ///   - userMetadata: Texts to keep with the run.
  ///   - weightsAccessToken: A token of the checkpoint's owner, for a checkpoint of another account.
  /// - Returns: The client.
  /// - Throws: ``ClientError``.
  public func createTrainingClientFromState(
    _ path: String, baseModel: String? = nil, optimizer: OptimizerConfig? = nil,
    userMetadata: [String: String]? = nil, weightsAccessToken: String? = nil
  ) async throws -> TrainingClient {
    try await createModel(.loadWeights, .loadWeights) { session, number in
      [
        "session_id": .text(session), "model_seq_id": .int(number),
        "base_model": .text(baseModel), "user_metadata": .texts(userMetadata),
        "path": .text(path), "optimizer": false, "optimizer_config": optimizer?.json,
        "weights_access_token": .text(weightsAccessToken), "type": "load_weights",
      ]
    }
  }

  /// A new model in training that goes on exactly where a checkpoint was saved.
  ///
  /// - Parameters:
  ///   - path: The path of a training checkpoint.
  ///   - baseModel: The base model, if it is known.
  ///   - userMetadata: Texts to keep with the run.
  ///   - weightsAccessToken: A token of the checkpoint's owner, for a checkpoint of another account.
  /// - Returns: The client.
  /// - Throws: ``ClientError``.
  public func createTrainingClientFromStateWithOptimizer(
    _ path: String, baseModel: String? = nil, userMetadata: [String: String]? = nil,
    weightsAccessToken: String? = nil
  ) async throws -> TrainingClient {
    try await createModel(.loadWeights, .loadWeights) { session, number in
      [
        "session_id": .text(session), "model_seq_id": .int(number),
        "base_model": .text(baseModel), "user_metadata": .texts(userMetadata),
        "path": .text(path), "optimizer": true,
        "weights_access_token": .text(weightsAccessToken), "type": "load_weights",
      ]
    }
  }

  private func createModel(
    _ route: Route, _ kind: RequestKind,
    _ body: (String, Int) -> KeyValuePairs<String, JSONValue?>
  ) async throws -> TrainingClient {
    let session = try await core.sessionID()
    let connected = try await core.connected()
    let number = core.takeModelNumber()
    let json = try await future(
      route, kind, jsonBody(body(session, number)), of: "\(session):train:\(number)")
    // A model that is loaded has the id that its number gives.
    let modelID =
      kind == .createModel ? json["model_id"]?.text : "\(session):train:\(number)"
    guard let modelID else { throw ClientError.unexpectedReply("create_model gave no model_id") }
    let info = try await connected.retries.run {
      try ServiceCore.read(
        try await connected.connection.json(
          APICall(
            .modelInfo, json: jsonBody(["model_id": .text(modelID), "type": "get_info"])))
      ) { json throws(DataError) in try ModelInfo(json: json) }
    }
    return TrainingClient(core, connected, model: info)
  }

  /// Submits a request that belongs to no client yet, and waits for its result.
  func future(
    _ route: Route, _ kind: RequestKind, _ body: [UInt8], of name: String
  ) async throws -> JSONValue {
    let connected = try await core.connected()
    let start = core.time.now()
    let submission = try ServiceCore.read(
      try await connected.connection.json(APICall(route, json: body))
    ) { json throws(DataError) in try SubmissionReply(json: json) }
    let outcome = try await FutureRetriever(
      core: core, connected: connected, operation: "\(route.template) of \(name)", kind: kind,
      requestID: submission.requestID, submissionTime: core.time.now() - start,
      deadline: core.options.deadline.map { start + $0 }, resumeHint: { nil }
    ).result()
    guard case .json(let json) = outcome else {
      throw ClientError.unexpectedReply("\(route.template) was not answered with JSON")
    }
    return json
  }

  // MARK: Sampling

  /// A client that samples from a base model or a checkpoint; at least one must be given.
  ///
  /// - Parameters:
  ///   - baseModel: The name of a base model.
  ///   - modelPath: The path of a sampler checkpoint.
  ///   - recordsStabilityInfo: Whether the service keeps what stable training losses need.
  /// - Returns: The client.
  /// - Throws: ``ClientError``.
  public func createSamplingClient(
    baseModel: String? = nil, modelPath: String? = nil, recordsStabilityInfo: Bool = false
  ) async throws -> SamplingClient {
    guard baseModel != nil || modelPath != nil else {
      throw ClientError.invalidArgument(
        .parameter(name: "model_path", "either a base model or a model path is needed"))
    }
    if let modelPath, !modelPath.hasPrefix("tinker://") {
      throw ClientError.invalidArgument(
        .parameter(name: "model_path", "must start with tinker://"))
    }
    let session = try await core.sessionID()
    let connected = try await core.connected()
    let number = core.takeSamplerNumber()
    let body = jsonBody([
      "session_id": .text(session), "sampling_session_seq_id": .int(number),
      "base_model": .text(baseModel), "model_path": .text(modelPath),
      "type": "create_sampling_session",
    ])
    let reply = try await connected.connection.json(APICall(.createSamplingSession, json: body))
    guard let id = reply["sampling_session_id"]?.text else {
      throw ClientError.unexpectedReply("create_sampling_session gave no sampling_session_id")
    }
    let client = SamplingClient(
      core, connected, sessionID: id, baseModel: baseModel,
      recordsStability: recordsStabilityInfo)
    _ = try await client.baseModel()
    return client
  }

  // MARK: The port

  /// Makes a trainer with new adapters on a base model.
  public func makeTrainer(
    baseModel: String, lora: LoraConfig
  ) async throws -> any TrainingBackend {
    try await createLoraTrainingClient(baseModel: baseModel, lora: lora)
  }

  /// Makes a trainer from a saved state.
  public func makeTrainer(
    fromState path: String, withOptimizer: Bool
  ) async throws -> any TrainingBackend {
    withOptimizer
      ? try await createTrainingClientFromStateWithOptimizer(path)
      : try await createTrainingClientFromState(path)
  }

  /// Makes a sampler of a base model.
  public func makeSampler(baseModel: String) async throws -> any SamplingBackend {
    try await createSamplingClient(baseModel: baseModel)
  }

  /// Makes a sampler of a checkpoint.
  public func makeSampler(path: String) async throws -> any SamplingBackend {
    try await createSamplingClient(modelPath: path)
  }

  /// The checkpoints of a training run.
  public func checkpoints(ofRun runID: String) async throws -> [Checkpoint] {
    try await createRestClient().listCheckpoints(runID: runID).elements
  }

  /// Removes a checkpoint.
  public func deleteCheckpoint(path: String) async throws {
    try await createRestClient().deleteCheckpoint(path: path)
  }
}
