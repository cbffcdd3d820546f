/// How the records of a data set become lines of examples.
public struct RecordSettings: Sendable {
  /// Into how many examples a conversation is expanded.
  public enum Expansion: String, Sendable, CaseIterable {
    /// One for each trained turn where a later turn changes earlier tokens, else one.
    case auto
    /// One for each trained turn.
    case turns
    /// One.
    case none
  }

  /// What happens to an example that is too long.
  public enum LengthPolicy: String, Sendable, CaseIterable {
    /// It is left out and counted.
    case drop
    /// It ends behind the last target that fits with its stop token; without one it is left out.
    case cut
    /// It ends with the last turn that fits; without one it is left out.
    case turn
    /// The record is an error.
    case error
  }

  /// How the records are written; `nil` where each tells by its keys.
  public var form: RecordForm?
  /// Which messages are trained.
  public var trainOn: TrainOn
  /// Into how many examples a conversation is expanded.
  public var expansion: Expansion
  /// The form of the lines.
  public var format: ExampleFormat
  /// The most tokens that an example may have; `nil` for no limit.
  public var maximumLength: Int?
  /// What happens to an example that is longer.
  public var lengthPolicy: LengthPolicy
  /// Whether members of a record that its form does not know are written into its lines.
  public var carriesOthers: Bool

  /// Settings; the defaults are those of the command.
  public init(
    form: RecordForm? = nil, trainOn: TrainOn = .allAssistantMessages,
    expansion: Expansion = .auto,
    format: ExampleFormat = .datum, maximumLength: Int? = nil, lengthPolicy: LengthPolicy = .error,
    carriesOthers: Bool = false
  ) {
    self.form = form
    self.trainOn = trainOn
    self.expansion = expansion
    self.format = format
    self.maximumLength = maximumLength
    self.lengthPolicy = lengthPolicy
    self.carriesOthers = carriesOthers
  }
}

/// What came of one or many records.
public struct RecordCounts: Sendable, Hashable {
  /// The lines written.
  public var examples = 0
  /// Their tokens.
  public var tokens = 0
  /// Their tokens with a weight above 0.
  public var trainedTokens = 0
  /// The examples left out because they are too long.
  public var tooLong = 0
  /// The examples that were shortened, and are written.
  public var shortened = 0
  /// The tokens that these have lost.
  public var lostTokens = 0
  /// The tokens with a weight above 0 that these have lost.
  public var lostTrainedTokens = 0
  /// The examples, written all the same, in which no token has a weight above 0; and the records
  /// that gave no example at all.
  public var untrained = 0

  /// Nothing yet.
  public init() {}

  /// Adds the counts of others.
  public static func += (left: inout RecordCounts, right: RecordCounts) {
    left.examples += right.examples
    left.tokens += right.tokens
    left.trainedTokens += right.trainedTokens
    left.tooLong += right.tooLong
    left.shortened += right.shortened
    left.lostTokens += right.lostTokens
    left.lostTrainedTokens += right.lostTrainedTokens
    left.untrained += right.untrained
  }
}
