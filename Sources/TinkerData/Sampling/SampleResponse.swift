/// A token with its log-probability.
public struct TokenLogprob: Sendable, Hashable {
  /// The token.
  public var token: UInt32
  /// Its log-probability.
  public var logprob: Float

  /// A token with its log-probability.
  public init(token: UInt32, logprob: Float) {
    self.token = token
    self.logprob = logprob
  }
}

/// One sequence that the model wrote.
public struct SampledSequence: Sendable, Hashable {
  /// Why a sequence ended.
  public enum StopReason: String, Sendable, Hashable {
    /// An end token, a stop token or a stop text, which is part of the tokens.
    case stop
    /// The longest allowed output.
    case length
  }

  /// The tokens.
  public var tokens: [UInt32]
  /// The log-probability of each token, if the backend reports them.
  public var logprobs: [Float]?
  /// Why the sequence ended.
  public var stopReason: StopReason
  /// The best tokens at each token, best first, if asked for.
  public var topKLogprobs: [[TokenLogprob]?]?
  /// The backend's id of the sequence, which provenance spans name, if it gives one.
  public var sequenceID: String?

  /// A sequence with all its parts.
  public init(
    tokens: [UInt32], logprobs: [Float]?, stopReason: StopReason,
    topKLogprobs: [[TokenLogprob]?]? = nil, sequenceID: String? = nil
  ) {
    self.tokens = tokens
    self.logprobs = logprobs
    self.stopReason = stopReason
    self.topKLogprobs = topKLogprobs
    self.sequenceID = sequenceID
  }
}

/// What a sample request gives.
public struct SampleResponse: Sendable, Hashable {
  /// Tokens drawn at prompt positions with their log-probabilities.
  public struct AltTokens: Sendable, Hashable {
    /// The tokens, `[prompt length − 1, k]`.
    public var tokens: TensorData
    /// Their log-probabilities at temperature 1, in the same shape.
    public var logprobs: TensorData

    /// Draws with their log-probabilities.
    public init(tokens: TensorData, logprobs: TensorData) {
      self.tokens = tokens
      self.logprobs = logprobs
    }
  }

  /// The sequences in order.
  public var sequences: [SampledSequence]
  /// The log-probability of each prompt position, `nil` where there is none, if asked for.
  public var promptLogprobs: [Float?]?
  /// The best tokens at each prompt position, if asked for.
  public var topKPromptLogprobs: [[TokenLogprob]?]?
  /// The scores of the ids asked for, in the shape of the request; 0 at skipped cells.
  public var targetPromptLogprobs: TensorData?
  /// The draws at prompt positions, if asked for.
  public var promptAltTokens: AltTokens?
  /// How many prompt positions the backend did not have to compute again.
  public var promptCacheHitTokens: Int

  /// A response with all its parts.
  public init(
    sequences: [SampledSequence], promptLogprobs: [Float?]? = nil,
    topKPromptLogprobs: [[TokenLogprob]?]? = nil, targetPromptLogprobs: TensorData? = nil,
    promptAltTokens: AltTokens? = nil, promptCacheHitTokens: Int = 0
  ) {
    self.sequences = sequences
    self.promptLogprobs = promptLogprobs
    self.topKPromptLogprobs = topKPromptLogprobs
    self.targetPromptLogprobs = targetPromptLogprobs
    self.promptAltTokens = promptAltTokens
    self.promptCacheHitTokens = promptCacheHitTokens
  }
}
