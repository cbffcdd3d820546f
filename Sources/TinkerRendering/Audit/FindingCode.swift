/// How much a finding matters.
public enum FindingSeverity: String, Sendable, Hashable, CaseIterable, Comparable {
  /// Worth knowing; nothing is wrong by itself.
  case note
  /// Probably not what was meant.
  case warning
  /// Training on this teaches something wrong, or nothing.
  case error

  /// Order by weight: a note is less than an error.
  public static func < (left: FindingSeverity, right: FindingSeverity) -> Bool {
    left.rank < right.rank
  }

  private var rank: Int {
    switch self {
    case .note: 0
    case .warning: 1
    case .error: 2
    }
  }
}

/// What an audit can find. The raw values are stable: scripts select by them.
public enum FindingCode: String, Sendable, Hashable, CaseIterable {
  // MARK: From the record

  /// The record cannot be read or rendered.
  case notRenderable = "not-renderable"
  /// Keys with the value `null`, as column stores fill them in.
  case nullFields = "null-fields"
  /// Roles follow each other as no chat has them.
  case roleOrder = "role-order"
  /// An assistant's message says nothing.
  case emptyAssistant = "empty-assistant"
  /// Text holds U+FFFD, the mark of bytes that were lost.
  case unicodeReplacement = "unicode-replacement"
  /// A call names a tool that is not declared, or an answer a call that was not made.
  case toolCallUnknown = "tool-call-unknown"
  /// The arguments of a call are not a JSON object, or miss what the tool requires.
  case toolArgumentsInvalid = "tool-arguments-invalid"
  /// The arguments of a call were encoded twice.
  case argumentsAsString = "arguments-as-string"
  /// A prompt names today's date.
  case dateDependent = "date-dependent"
  /// Marks of images and images are not equally many, or an image is not in the example.
  case imageCountMismatch = "image-count-mismatch"

  // MARK: From the segments of an example

  /// No token is trained.
  case noLoss = "no-loss"
  /// Every token is trained.
  case allLoss = "all-loss"
  /// The beginning of the sequence is written twice.
  case doubleBOS = "double-bos"
  /// A trained answer does not train its end.
  case missingStopInLoss = "missing-stop-in-loss"
  /// Text of the record became a control token.
  case specialTokenInContent = "special-token-in-content"
  /// A trained token is none that the model would have sampled.
  case trainedNotSampled = "trained-not-sampled"
  /// A trained answer has lost its reasoning.
  case reasoningDropped = "reasoning-dropped"
  /// The example is longer than the limit.
  case tooLong = "too-long"
  /// The limit cuts trained tokens off.
  case truncatedTarget = "truncated-target"
  /// The limit falls inside an image.
  case cutImage = "cut-image"

  // MARK: By rendering, parsing or encoding again

  /// The prompt for a trained answer is not how its example begins.
  case notAPrefix = "not-a-prefix"
  /// A later turn changes the tokens of an earlier answer.
  case historyChanges = "history-changes"
  /// A trained answer parses into another message.
  case doesNotParseBack = "does-not-parse-back"
  /// The text of the example encodes into other tokens.
  case retokenizes

  // MARK: From the whole data set

  /// The same conversation stands in the same file before.
  case duplicate
  /// The same conversation stands in another of the files.
  case splitLeak = "split-leak"

  /// The severity of a finding that says no other.
  public var severity: FindingSeverity {
    switch self {
    case .dateDependent: .note
    case .nullFields, .roleOrder, .emptyAssistant, .unicodeReplacement, .allLoss,
      .trainedNotSampled, .reasoningDropped, .tooLong, .historyChanges, .doesNotParseBack,
      .retokenizes, .duplicate:
      .warning
    case .notRenderable, .toolCallUnknown, .toolArgumentsInvalid, .argumentsAsString,
      .imageCountMismatch, .noLoss, .doubleBOS, .missingStopInLoss, .specialTokenInContent,
      .truncatedTarget, .cutImage, .notAPrefix, .splitLeak:
      .error
    }
  }

  /// Whether finding it takes more than one rendering: prompts, a parser, or the tokenizer again.
  public var isCostly: Bool {
    switch self {
    case .notAPrefix, .historyChanges, .doesNotParseBack, .retokenizes: true
    case .notRenderable, .nullFields, .roleOrder, .emptyAssistant, .unicodeReplacement,
      .toolCallUnknown, .toolArgumentsInvalid, .argumentsAsString, .dateDependent,
      .imageCountMismatch, .noLoss, .allLoss, .doubleBOS, .missingStopInLoss,
      .specialTokenInContent, .trainedNotSampled, .reasoningDropped, .tooLong, .truncatedTarget,
      .cutImage, .duplicate, .splitLeak:
      false
    }
  }
}
