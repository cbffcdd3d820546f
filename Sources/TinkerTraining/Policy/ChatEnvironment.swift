public import TinkerData
public import TinkerRendering

/// A task in messages: what is asked, and what answers are worth. A value of it plays one episode.
public protocol ChatTask: Sendable {
  /// The messages that the model answers first.
  var opening: [Message] { get }

  /// Judges an answer.
  ///
  /// - Parameter response: The answer with how it ended.
  /// - Returns: The reward, and the messages that follow; none ends the episode.
  /// - Throws: What makes going on impossible; it ends the run.
  mutating func reply(to response: ParsedResponse) async throws -> ChatReply
}

/// What an answer is worth, and what follows it.
public struct ChatReply: Sendable, Hashable {
  /// The reward.
  public var reward: Double
  /// What the model reads next; empty ends the episode.
  public var messages: [Message]
  /// Numbers to average over episodes, by name.
  public var metrics: [String: Double]

  /// A reply.
  public init(reward: Double, messages: [Message] = [], metrics: [String: Double] = [:]) {
    self.reward = reward
    self.messages = messages
    self.metrics = metrics
  }
}

/// Plays a ``ChatTask`` in tokens. Turns are appended to what the model wrote; where a turn cannot be, the
/// conversation is rendered anew, and the metric `transcript/break/REASON` counts it.
public struct ChatEnvironment: TokenEnvironment {
  private var task: any ChatTask
  private let renderer: Renderer
  private let maxTurns: Int
  private var turns = 0
  private var transcript: TokenTranscript?

  /// An environment of a task.
  ///
  /// - Parameters:
  ///   - task: The task.
  ///   - renderer: Who turns messages into tokens.
  ///   - maxTurns: The most turns of the model; the episode ends after them.
  public init(_ task: any ChatTask, renderer: Renderer, maxTurns: Int = 16) {
    self.task = task
    self.renderer = renderer
    self.maxTurns = maxTurns
  }

  /// The prompt of the opening.
  ///
  /// - Throws: `RenderingError`.
  public mutating func start() throws -> Observation {
    let transcript = try TokenTranscript(task.opening, renderer: renderer)
    self.transcript = transcript
    return observation(transcript)
  }

  /// Lets the task judge the answer, and appends what follows.
  ///
  /// - Throws: `RenderingError`, or what the task throws.
  public mutating func step(_ action: SampledSequence) async throws -> EnvironmentStep {
    guard var transcript else {
      throw TrainingError.setting(name: "step", "an episode begins with start()")
    }
    let reply = try await task.reply(to: try transcript.take(action.tokens))
    turns += 1
    var metrics = reply.metrics
    guard !reply.messages.isEmpty, turns < maxTurns else {
      return EnvironmentStep(reward: reply.reward, metrics: metrics)
    }
    do {
      try transcript.append(reply.messages)
    } catch let reason as TokenTranscript.Break {
      metrics["transcript/break/" + reason.name] = 1
      try transcript.renderAgain(with: reply.messages)
    }
    self.transcript = transcript
    return EnvironmentStep(
      reward: reply.reward, next: observation(transcript), metrics: metrics)
  }

  private func observation(_ transcript: TokenTranscript) -> Observation {
    Observation(prompt: transcript.input, stop: renderer.samplingStop)
  }
}

extension Renderer {
  /// Where a sampler must stop, as sampling takes it.
  public var samplingStop: SamplingParams.Stop {
    switch stopSequences {
    case .tokens(let tokens): .tokens(tokens)
    case .strings(let strings): .strings(strings)
    }
  }
}
