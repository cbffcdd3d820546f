/// Who writes and scores tokens with one set of weights. Requests may overlap.
public protocol SamplingBackend: Sendable {
  /// Draws sequences and reports what the request asks.
  ///
  /// - Throws: The backend's error; a mistake of the request is named in it.
  func sample(_ request: SampleRequest) async throws -> SampleResponse
}

extension SamplingBackend {
  /// The log-probability of each token of a prompt given those before it; `nil` at the first.
  ///
  /// - Parameters:
  ///   - prompt: The prompt.
  ///   - lastN: Only the last so many positions are scored; `nil`, the default, for all.
  /// - Returns: One element for each token of the prompt.
  /// - Throws: The backend's error.
  public func computeLogprobs(_ prompt: ModelInput, lastN: Int? = nil) async throws -> [Float?] {
    let request = SampleRequest(
      prompt: prompt, params: SamplingParams(maxTokens: 1), promptLogprobs: true,
      promptLogprobsLastN: lastN)
    guard let logprobs = try await sample(request).promptLogprobs else {
      throw DataError.unexpected("prompt log-probabilities", at: "sample response")
    }
    return logprobs
  }
}
