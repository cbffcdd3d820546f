public import TinkerData
public import TinkerRendering

/// Where supervised examples come from.
public protocol SupervisedData: Sendable {
  /// The number of examples.
  var count: Int { get }

  /// An example, as often as it is asked for.
  ///
  /// - Parameter index: From 0 to below ``count``.
  /// - Returns: The example.
  /// - Throws: What makes it impossible, for example an image that cannot be read.
  func datum(at index: Int) throws -> Datum
}

/// Examples that are there already.
extension [Datum]: SupervisedData {
  /// The example by its index.
  public func datum(at index: Int) -> Datum { self[index] }
}

/// Conversations that are rendered when they are asked for. All are rendered once at the beginning, so that
/// what cannot be trained on is known before anything is trained.
public struct ConversationData: SupervisedData {
  /// How conversations become examples.
  public struct Settings: Sendable, Hashable {
    /// Which messages are trained.
    public var trainOn: TrainOn
    /// The most tokens of an example before the shift; longer ones are cut.
    public var maxLength: Int?
    /// What becomes of the weights.
    public var reduction: WeightReduction

    /// Settings; by default every answer is trained, nothing is cut, and weights stay as they are.
    public init(
      trainOn: TrainOn = .allAssistantMessages, maxLength: Int? = nil,
      reduction: WeightReduction = .none
    ) {
      self.trainOn = trainOn
      self.maxLength = maxLength
      self.reduction = reduction
    }
  }

  /// What a look at all data found.
  public struct Counts: Sendable, Hashable {
    /// The conversations.
    public var conversations = 0
    /// The examples that are trained on.
    public var examples = 0
    /// Their tokens, before the shift.
    public var tokens = 0
    /// Their tokens with a weight.
    public var lossTokens = 0
    /// The examples left out because no token of theirs has a weight.
    public var untrained = 0
    /// The examples that were cut.
    public var cut = 0
  }

  private struct Place: Sendable {
    let conversation: Int
    let part: Int
  }

  /// What was found.
  public let counts: Counts
  private let conversations: [Conversation]
  private let renderer: Renderer
  private let settings: Settings
  private let places: [Place]

  /// The number of examples.
  public var count: Int { places.count }

  /// Looks at all conversations.
  ///
  /// - Parameters:
  ///   - conversations: The records; one may give several examples.
  ///   - renderer: Who renders them.
  ///   - settings: How.
  /// - Throws: ``TrainingError/data(place:_:)`` that names the record, counted from 1, if one cannot be
  ///   rendered, or if nothing would be trained.
  public init(
    _ conversations: [Conversation], renderer: Renderer, settings: Settings = Settings()
  ) throws(TrainingError) {
    self.conversations = conversations
    self.renderer = renderer
    self.settings = settings
    var counts = Counts()
    var places: [Place] = []
    counts.conversations = conversations.count
    for index in conversations.indices {
      do {
        for (part, example) in try Self.examples(
          of: conversations[index], renderer, settings
        ).enumerated() {
          let datum = try example.datum(maxLength: settings.maxLength)
          let trained = datum.weights.count { $0 != 0 }
          guard trained > 0 else {
            counts.untrained += 1
            continue
          }
          if let limit = settings.maxLength, example.tokens.count > limit { counts.cut += 1 }
          counts.examples += 1
          counts.tokens += datum.modelInput.length + 1
          counts.lossTokens += trained
          places.append(Place(conversation: index, part: part))
        }
      } catch { throw .data(place: "record \(index + 1)", "\(error)") }
    }
    guard counts.examples > 0 else {
      throw .data(
        place: "data", "none of \(conversations.count) conversations has a token to train on")
    }
    self.counts = counts
    self.places = places
  }

  /// Renders an example.
  ///
  /// - Throws: `RenderingError`.
  public func datum(at index: Int) throws -> Datum {
    let place = places[index]
    let examples = try Self.examples(of: conversations[place.conversation], renderer, settings)
    return try examples[place.part].datum(
      maxLength: settings.maxLength, reduction: settings.reduction)
  }

  private static func examples(
    of conversation: Conversation, _ renderer: Renderer, _ settings: Settings
  ) throws(RenderingError) -> [SupervisedExample] {
    let messages = try renderer.messages(of: conversation)
    return try renderer.supervisedExamples(for: messages, trainOn: settings.trainOn)
  }
}
