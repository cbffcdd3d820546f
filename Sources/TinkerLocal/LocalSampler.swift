public import TinkerData

/// Samples with one set of weights of the embedded engine. Requests may overlap and then decode as one
/// batch; the result of each does not depend on the others.
public final class LocalSampler: SamplingBackend {
  private let engine: Engine
  private let number: Int

  init(_ engine: Engine, number: Int) {
    self.engine = engine
    self.number = number
  }

  deinit {
    let engine = engine
    let number = number
    Task { await engine.release(sampler: number) }
  }

  /// Draws sequences and reports what the request asks.
  ///
  /// - Throws: `LocalError.request` for a request that cannot be carried out, and `CancellationError`.
  public func sample(_ request: SampleRequest) async throws -> SampleResponse {
    try await engine.sample(sampler: number, request)
  }

  /// Draws sequences and tells each token as it is drawn.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - progress: Called in order with the number of the sequence and its new tokens.
  /// - Returns: The whole response.
  /// - Throws: As ``sample(_:)``.
  package func sample(
    _ request: SampleRequest, progress: @escaping @Sendable (Int, [UInt32]) -> Void
  ) async throws -> SampleResponse {
    try await engine.sample(sampler: number, request, progress: progress)
  }
}
