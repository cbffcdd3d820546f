/// A sequence of a run, for people to look at: what was asked, what the model wrote, and what came of it.
public struct RunSample: Sendable, Hashable {
  /// A token of the sequence.
  public struct Token: Sendable, Hashable {
    /// The id; 0 at the positions of an image.
    public var id: UInt32
    /// The bytes of its text, which may be part of a character.
    public var bytes: [UInt8]
    /// Its log-probability under the sampler; `nil` where the model did not write it.
    public var logprob: Float?
    /// Its advantage; `nil` where none was computed.
    public var advantage: Float?

    /// A token.
    public init(id: UInt32, bytes: [UInt8], logprob: Float? = nil, advantage: Float? = nil) {
      self.id = id
      self.bytes = bytes
      self.logprob = logprob
      self.advantage = advantage
    }

    /// Whether the model wrote it.
    public var isSampled: Bool { logprob != nil }
  }

  /// The step at which it was written, counted from 0.
  public var step: Int
  /// What it is of, for example `group 3` or `evaluation`.
  public var title: String
  /// The tokens: the prompt and the model's own, in order.
  public var tokens: [Token]
  /// What it was worth, if it was judged.
  public var reward: Double?
  /// What it should have been, if that is known.
  public var expected: String?

  /// A sequence.
  public init(
    step: Int, title: String, tokens: [Token], reward: Double? = nil, expected: String? = nil
  ) {
    self.step = step
    self.title = title
    self.tokens = tokens
    self.reward = reward
    self.expected = expected
  }
}
