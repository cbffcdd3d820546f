/// A prompt, how to go on from it, and what to report about it.
public struct SampleRequest: Sendable, Hashable {
  /// What the model reads before it writes.
  public var prompt: ModelInput
  /// How many sequences are drawn.
  public var numSamples: Int
  /// How tokens are drawn.
  public var params: SamplingParams
  /// Whether the prompt's own log-probabilities are reported.
  public var promptLogprobs: Bool
  /// Reports only the last n prompt positions; `nil` reports all.
  public var promptLogprobsLastN: Int?
  /// How many of the best tokens are reported at each prompt position; 0 reports none.
  public var topKPromptLogprobs: Int
  /// How many of the best tokens are reported at each sampled token; 0 reports none.
  public var topKSampleLogprobs: Int
  /// Ids to score, `[prompt length − 1, K]`: row i scores prompt position i + 1; −1 skips a cell.
  public var targetPromptLogprobs: TensorData?
  /// How many alternative tokens are drawn at each prompt position from 1; 0 draws none.
  public var promptAltTokensK: Int

  /// A request; the defaults report nothing about the prompt.
  public init(
    prompt: ModelInput, numSamples: Int = 1, params: SamplingParams = SamplingParams(),
    promptLogprobs: Bool = false, promptLogprobsLastN: Int? = nil, topKPromptLogprobs: Int = 0,
    topKSampleLogprobs: Int = 0, targetPromptLogprobs: TensorData? = nil, promptAltTokensK: Int = 0
  ) {
    self.prompt = prompt
    self.numSamples = numSamples
    self.params = params
    self.promptLogprobs = promptLogprobs
    self.promptLogprobsLastN = promptLogprobsLastN
    self.topKPromptLogprobs = topKPromptLogprobs
    self.topKSampleLogprobs = topKSampleLogprobs
    self.targetPromptLogprobs = targetPromptLogprobs
    self.promptAltTokensK = promptAltTokensK
  }

  /// Checks what can be checked without a model.
  ///
  /// - Throws: `DataError` for a count that is out of range, or targets that are not integers in two
  ///   dimensions.
  public func validate() throws(DataError) {
    guard numSamples >= 1 else {
      throw .parameter(name: "num_samples", "must be at least 1, not \(numSamples)")
    }
    if let targetPromptLogprobs {
      guard case .integers = targetPromptLogprobs.elements else {
        throw .parameter(name: "target_prompt_logprobs", "must be int64")
      }
      guard targetPromptLogprobs.shape.count == 2 else {
        throw .parameter(
          name: "target_prompt_logprobs",
          "must have two dimensions, not \(targetPromptLogprobs.shape)")
      }
    }
    guard promptAltTokensK >= 0 else {
      throw .parameter(name: "prompt_alt_tokens_k", "must not be negative")
    }
    guard let promptLogprobsLastN else { return }
    guard promptLogprobsLastN >= 1 else {
      throw .parameter(name: "prompt_logprobs_last_n", "must be at least 1")
    }
    guard promptLogprobs || topKPromptLogprobs > 0 else {
      throw .parameter(
        name: "prompt_logprobs_last_n", "needs prompt log-probabilities to be asked for")
    }
  }
}
