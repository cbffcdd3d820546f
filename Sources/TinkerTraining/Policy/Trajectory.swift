public import TinkerData

/// What happened in one episode, token by token.
public struct Trajectory: Sendable, Hashable {
  /// A prompt, what the model wrote, and what that was worth.
  public struct Transition: Sendable, Hashable {
    /// What the model read, all of it.
    public var prompt: ModelInput
    /// What it wrote.
    public var action: SampledSequence
    /// The reward.
    public var reward: Double
    /// The environment's numbers.
    public var metrics: [String: Double]

    /// A turn of the model.
    public init(
      prompt: ModelInput, action: SampledSequence, reward: Double, metrics: [String: Double] = [:]
    ) {
      self.prompt = prompt
      self.action = action
      self.reward = reward
      self.metrics = metrics
    }
  }

  /// The turns in order.
  public var transitions: [Transition]
  /// The reward that the group gave at the end.
  public var finalReward: Double

  /// An episode.
  public init(transitions: [Transition], finalReward: Double = 0) {
    self.transitions = transitions
    self.finalReward = finalReward
  }

  /// All rewards together.
  public var totalReward: Double { transitions.reduce(finalReward) { $0 + $1.reward } }
}

/// The advantages of the episodes of a group.
public enum GroupAdvantage: String, Sendable, Hashable, CaseIterable {
  /// The reward minus the group's mean.
  case centred
  /// That, divided by the group's standard deviation (of the population) + 1e-8.
  case standardised

  /// Advantages of rewards.
  public func advantages(of rewards: [Double]) -> [Double] {
    guard !rewards.isEmpty else { return [] }
    let count = Double(rewards.count)
    let mean = rewards.reduce(0, +) / count
    let centred = rewards.map { $0 - mean }
    switch self {
    case .centred: return centred
    case .standardised:
      let variance = centred.reduce(0) { $0 + $1 * $1 } / count
      return centred.map { $0 / (variance.squareRoot() + 1e-8) }
    }
  }
}
