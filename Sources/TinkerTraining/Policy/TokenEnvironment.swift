public import TinkerData

/// One episode: what the model is asked, and what its answers are worth. A value of it plays one episode.
///
/// Prompts are tokens, and so are answers: what the model wrote is never encoded again. ``ChatEnvironment``
/// makes an environment of messages.
public protocol TokenEnvironment: Sendable {
  /// Begins the episode.
  ///
  /// - Throws: What makes it impossible; it ends the run.
  mutating func start() async throws -> Observation

  /// Takes what the model wrote.
  ///
  /// - Parameter action: The tokens with their log-probabilities.
  /// - Returns: The reward, and what the model reads next.
  /// - Throws: What makes going on impossible; it ends the run.
  mutating func step(_ action: SampledSequence) async throws -> EnvironmentStep
}

/// What the model reads before it writes.
public struct Observation: Sendable, Hashable {
  /// The whole prompt, with everything that came before.
  public var prompt: ModelInput
  /// What ends the model's turn; `nil` means the model's own end tokens.
  public var stop: SamplingParams.Stop?

  /// A prompt.
  public init(prompt: ModelInput, stop: SamplingParams.Stop? = nil) {
    self.prompt = prompt
    self.stop = stop
  }
}

/// What an answer led to.
public struct EnvironmentStep: Sendable, Hashable {
  /// The reward of the answer.
  public var reward: Double
  /// What the model reads next; `nil` ends the episode.
  public var next: Observation?
  /// Numbers to average over episodes, by name.
  public var metrics: [String: Double]

  /// An outcome.
  public init(reward: Double, next: Observation? = nil, metrics: [String: Double] = [:]) {
    self.reward = reward
    self.next = next
    self.metrics = metrics
  }
}

/// Environments of one task, whose rewards are compared with each other.
public struct EnvironmentGroup: Sendable {
  /// Makes the environment of a sample.
  public var environment: @Sendable (_ sample: Int) throws -> any TokenEnvironment
  /// Names under which metrics of the group are also averaged.
  public var tags: [String]
  /// Rewards of whole episodes, given when all of a group have ended; one for each.
  public var finalRewards: (@Sendable ([Trajectory]) async throws -> [Double])?
  /// What the task is, for people.
  public var title: String
  /// What should be answered, if that is known, for people.
  public var expected: String?

  /// A group.
  public init(
    title: String, tags: [String] = [], expected: String? = nil,
    finalRewards: (@Sendable ([Trajectory]) async throws -> [Double])? = nil,
    environment: @escaping @Sendable (_ sample: Int) throws -> any TokenEnvironment
  ) {
    self.environment = environment
    self.tags = tags
    self.finalRewards = finalRewards
    self.title = title
    self.expected = expected
  }
}

/// Where tasks come from.
public protocol EnvironmentData: Sendable {
  /// The number of tasks.
  var count: Int { get }

  /// A task, as often as it is asked for.
  ///
  /// - Parameter index: From 0 to below ``count``.
  /// - Returns: Its group.
  /// - Throws: What makes it impossible.
  func group(at index: Int) throws -> EnvironmentGroup
}

/// Groups that are there already.
extension [EnvironmentGroup]: EnvironmentData {
  /// The group by its index.
  public func group(at index: Int) -> EnvironmentGroup { self[index] }
}
