import TinkerData
import TinkerWire

extension ServiceClient {
  /// The copy of a download lives at least so long, in seconds.
  private static let timeToLive = 24 * 3600

  /// Downloads a checkpoint.
  ///
  /// External weights are fetched as they are. A training checkpoint is loaded, written as external
  /// weights, fetched, and the copy is removed again. The service offers no way to a sampler checkpoint.
  ///
  /// - Parameters:
  ///   - path: The path of a training checkpoint or of external weights.
  ///   - folder: Where the files go; it is created if it is absent.
  ///   - progress: Told the file and the bytes that are there, on a thread of the transport.
  /// - Returns: The names of the files.
  /// - Throws: ``ClientError``.
  public func downloadCheckpoint(
    path: String, to folder: String,
    progress: @escaping @Sendable (String, Int) -> Void = { _, _ in }
  ) async throws -> [String] {
    let kind: Checkpoint.Kind
    do { kind = try CheckpointPath(path).kind } catch { throw ClientError.invalidArgument(error) }
    let rest = createRestClient()
    switch kind {
    case .external:
      return try await rest.downloadExternalWeights(path: path, to: folder, progress: progress)
    case .training:
      let trainer = try await createTrainingClientFromState(path)
      let copy = try await trainer.saveWeightsExternal(
        name: "download-" + APIConnection.randomHex(4), ttlSeconds: Self.timeToLive
      ).value.path
      let outcome: Result<[String], any Error>
      do {
        outcome = .success(
          try await rest.downloadExternalWeights(path: copy, to: folder, progress: progress))
      } catch { outcome = .failure(error) }
      do { try await rest.deleteCheckpoint(path: copy) } catch {
        core.log(.warning, "\(copy) could not be removed and lives for a day: \(error)")
      }
      return try outcome.get()
    case .sampler:
      throw ClientError.invalidArgument(
        .parameter(
          name: "path",
          "\(path) cannot be downloaded: the service gives out training checkpoints (weights) and "
            + "external weights, not sampler checkpoints"))
    }
  }
}
