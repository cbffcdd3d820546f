public import TinkerData
import TinkerJSON
import TinkerWire

/// How unnamed weights for sampling are kept.
public enum SamplerWeightsKind: String, Sendable, Hashable {
  /// As they are now, for ever.
  case snapshot
  /// In the one place of the model that later saves of this kind overwrite, also for earlier samplers.
  case inflight
}

/// Where external weights were written.
public struct ExternalWeights: Sendable, Hashable {
  /// The path, `tinker://{run}/external_weights/{name}`.
  public var path: String
  /// The bytes that they take, if the service tells.
  public var byteCount: Int?
}

extension TrainingClient {
  /// The times to live that the service takes, in seconds: an hour to ten years.
  private static let timesToLive = 3600...315_360_000

  /// Saves weights and optimizer under a name, from which training can go on.
  public func saveState(name: String) throws -> TrainingOperation<String> {
    try saveState(name: name, ttlSeconds: nil)
  }

  /// Saves weights and optimizer under a name, from which training can go on.
  ///
  /// - Parameters:
  ///   - name: The name of the checkpoint.
  ///   - ttlSeconds: The seconds until the checkpoint is removed, from an hour to ten years; `nil` keeps
  ///     it.
  ///   - overwrite: Whether a checkpoint of the same name is replaced; otherwise the clash is an error.
  ///   - userMetadata: Texts to keep with it.
  /// - Returns: The operation, whose value is the path.
  /// - Throws: ``ClientError/closed``.
  public func saveState(
    name: String, ttlSeconds: Int?, overwrite: Bool = false,
    userMetadata: [String: String]? = nil
  ) throws -> TrainingOperation<String> {
    warn(aboutTTL: ttlSeconds, name)
    return try single(
      .saveWeights, .saveWeights, retries: 0, conflictIsFinal: true,
      body: {
        [modelID] in
        [
          "model_id": .text(modelID), "path": .text(name), "seq_id": .int($0),
          "ttl_seconds": .int(ttlSeconds), "overwrite": .bool(overwrite),
          "user_metadata": .texts(userMetadata), "type": "save_weights",
        ]
      }
    ) { [weak self] json in
      let path = try Self.path(in: json)
      self?.noteSaved(path)
      return path
    }
  }

  /// Saves weights under a name, for sampling.
  public func saveWeightsForSampler(name: String) throws -> TrainingOperation<String> {
    try saveWeightsForSampler(name: name, ttlSeconds: nil)
  }

  /// Saves weights under a name, for sampling.
  ///
  /// - Parameters:
  ///   - name: The name of the checkpoint.
  ///   - ttlSeconds: The seconds until the checkpoint is removed; `nil` keeps it.
  ///   - userMetadata: Texts to keep with it.
  /// - Returns: The operation, whose value is the path.
  /// - Throws: ``ClientError/closed``.
  public func saveWeightsForSampler(
    name: String, ttlSeconds: Int?, userMetadata: [String: String]? = nil
  ) throws -> TrainingOperation<String> {
    warn(aboutTTL: ttlSeconds, name)
    return try single(
      .saveWeightsForSampler, .saveWeightsForSampler, retries: 0, conflictIsFinal: true,
      body: { [modelID] in
        [
          "model_id": .text(modelID), "path": .text(name), "kind": "snapshot",
          "seq_id": .int($0), "ttl_seconds": .int(ttlSeconds),
          "user_metadata": .texts(userMetadata), "type": "save_weights_for_sampler",
        ]
      }
    ) { try Self.path(in: $0) }
  }

  /// Saves weights in the form that is made for download.
  ///
  /// - Parameters:
  ///   - name: The name of the checkpoint.
  ///   - ttlSeconds: The seconds until it is removed; `nil` keeps it.
  ///   - ageEncryptionRecipients: The `age` recipients that the files are encrypted for; `nil` for none.
  /// - Returns: The operation, whose value is the place.
  /// - Throws: ``ClientError/closed``.
  public func saveWeightsExternal(
    name: String, ttlSeconds: Int? = nil, ageEncryptionRecipients: [String]? = nil
  ) throws -> TrainingOperation<ExternalWeights> {
    warn(aboutTTL: ttlSeconds, name)
    return try single(
      .saveWeightsExternal, .saveWeightsExternal, retries: 0, conflictIsFinal: true,
      body: { [modelID] in
        [
          "model_id": .text(modelID), "path": .text(name), "seq_id": .int($0),
          "ttl_seconds": .int(ttlSeconds),
          "age_encryption_recipients": ageEncryptionRecipients.map { .array($0.map { .text($0) }) },
          "type": "save_weights_external",
        ]
      }
    ) { ExternalWeights(path: try Self.path(in: $0), byteCount: $0["size_bytes"]?.int) }
  }

  /// Saves weights without a name and gives the sampler that uses them.
  public func makeSampler() throws -> TrainingOperation<any SamplingBackend> {
    try sampler(.snapshot) { $0 }
  }

  /// Saves weights without a name and gives the client that samples from them.
  ///
  /// - Parameter kind: How they are kept.
  /// - Returns: The operation, whose value is the client.
  /// - Throws: ``ClientError/closed``.
  public func saveWeightsAndGetSamplingClient(
    kind: SamplerWeightsKind = .snapshot
  ) throws -> TrainingOperation<SamplingClient> {
    try sampler(kind) { $0 }
  }

  private func sampler<Sampler: Sendable>(
    _ kind: SamplerWeightsKind, _ wrap: @escaping @Sendable (SamplingClient) -> Sampler
  ) throws -> TrainingOperation<Sampler> {
    // The number is taken once, so that a submission that is tried again stays the same request.
    let number = core.takeSamplerNumber()
    return try single(
      .saveWeightsForSampler, .saveWeightsForSampler, retries: 0, conflictIsFinal: true,
      body: { [modelID] in
        [
          "model_id": .text(modelID), "sampling_session_seq_id": .int(number),
          "kind": .text(kind.rawValue), "seq_id": .int($0), "type": "save_weights_for_sampler",
        ]
      }
    ) { [self] json in
      guard let session = json["sampling_session_id"]?.text else {
        throw ClientError.unexpectedReply("the saved weights have no sampling_session_id")
      }
      return wrap(
        SamplingClient(
          core, connected, sessionID: session, baseModel: try await info().baseModel))
    }
  }

  /// Replaces the weights, and the optimizer's state if asked, by those of a checkpoint.
  ///
  /// The service prefers new clients from a state: ``ServiceClient/createTrainingClientFromState(_:)``.
  public func loadState(path: String, withOptimizer: Bool) throws -> TrainingOperation<Void> {
    try loadState(path: path, withOptimizer: withOptimizer, weightsAccessToken: nil)
  }

  /// Replaces the weights, and the optimizer's state if asked, by those of a checkpoint.
  ///
  /// - Parameters:
  ///   - path: The path of a training checkpoint.
  ///   - withOptimizer: Whether the optimizer's state is replaced too.
  ///   - weightsAccessToken: A token of the checkpoint's owner, for a checkpoint of another account.
  /// - Returns: The operation.
  /// - Throws: ``ClientError/closed``.
  public func loadState(
    path: String, withOptimizer: Bool, weightsAccessToken: String?
  ) throws -> TrainingOperation<Void> {
    try single(
      .loadWeights, .loadWeights,
      body: { [modelID] in
        [
          "model_id": .text(modelID), "seq_id": .int($0), "path": .text(path),
          "optimizer": .bool(withOptimizer), "weights_access_token": .text(weightsAccessToken),
          "type": "load_weights",
        ]
      }
    ) { _ in }
  }

  private func warn(aboutTTL ttlSeconds: Int?, _ name: String) {
    guard let ttlSeconds, !Self.timesToLive.contains(ttlSeconds) else { return }
    core.log(
      .warning,
      "checkpoint \(name): the service takes times to live from an hour to ten years, not \(ttlSeconds) s"
    )
  }

  private static func path(in json: JSONValue) throws -> String {
    guard let path = json["path"]?.text else {
      throw ClientError.unexpectedReply("the saved checkpoint has no path")
    }
    return path
  }
}
