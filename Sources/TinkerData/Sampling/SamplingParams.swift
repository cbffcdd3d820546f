/// How tokens are drawn.
public struct SamplingParams: Sendable, Hashable {
  /// What ends a sequence. An empty list ends none, not even at the model's own end token.
  public enum Stop: Sendable, Hashable {
    /// Texts in the decoded output.
    case strings([String])
    /// Token ids.
    case tokens([UInt32])
  }

  /// The longest output in tokens; `nil` leaves it to the backend.
  public var maxTokens: Int?
  /// The seed of the draws; `nil` lets the backend draw one.
  public var seed: UInt64?
  /// What ends a sequence; `nil` means the model's end tokens.
  public var stop: Stop?
  /// The divisor of the logits; 0 takes the most probable token.
  public var temperature: Double
  /// How many of the most probable tokens are kept; 0 or less keeps all.
  public var topK: Int
  /// The probability that the kept tokens reach together, in (0, 1].
  public var topP: Double

  /// Parameters; the defaults are those of the service.
  public init(
    maxTokens: Int? = nil, seed: UInt64? = nil, stop: Stop? = nil, temperature: Double = 1,
    topK: Int = -1, topP: Double = 1
  ) {
    self.maxTokens = maxTokens
    self.seed = seed
    self.stop = stop
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
  }
}
