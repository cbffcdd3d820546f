/// Who writes and scores tokens with one set of weights. Requests may overlap.
public protocol SamplingBackend: Sendable {
  /// Draws sequences and reports what the request asks.
  ///
  /// - Throws: The backend's error; a mistake of the request is named in it.
  func sample(_ request: SampleRequest) async throws -> SampleResponse
}
