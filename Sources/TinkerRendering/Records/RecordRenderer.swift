import TinkerJSON

/// Turns records into lines of examples: the work of one thread of `render`.
///
/// It keeps buffers and caches between records, so it belongs to one thread.
public struct RecordRenderer: ~Copyable {
  private let renderer: Renderer
  private var settings: RecordSettings
  private let writer: ExampleWriter
  private var session: RenderSession
  private var example = SupervisedExample()

  /// A renderer of records.
  public init(renderer: Renderer, settings: RecordSettings) {
    self.renderer = renderer
    self.settings = settings
    writer = ExampleWriter(format: settings.format)
    session = renderer.makeSession()
  }

  /// How the records are written; `nil` where each tells by its keys.
  public var form: RecordForm? {
    get { settings.form }
    set { settings.form = newValue }
  }

  /// Appends the lines of one record.
  ///
  /// - Parameters:
  ///   - record: The bytes of its JSON.
  ///   - out: The buffer. After an error it is as it was.
  /// - Returns: What came of the record.
  /// - Throws: `RenderingError` with the message and the field.
  public mutating func append(
    _ record: Span<UInt8>, to out: inout [UInt8]
  ) throws(RenderingError) -> RecordCounts {
    let start = out.count
    let writer = writer
    do throws(RenderingError) {
      return try render(record) { (example, conversation) throws(RenderingError) in
        try writer.append(example, of: conversation, to: &out)
      }
    } catch {
      out.removeSubrange(start...)
      throw error
    }
  }

  /// Renders one record and hands out its examples: those that fit, and what is left of the others.
  ///
  /// - Parameters:
  ///   - record: The bytes of its JSON.
  ///   - body: Takes an example and the conversation that it comes from. Examples that were handed
  ///     out before an error belong to a record that is in fault as a whole.
  /// - Returns: What came of the record.
  /// - Throws: `RenderingError` with the message and the field, or what `body` throws.
  public mutating func render(
    _ record: Span<UInt8>,
    _ body: (SupervisedExample, Conversation) throws(RenderingError) -> Void
  ) throws(RenderingError) -> RecordCounts {
    let conversation = try Conversation(
      record: record, form: settings.form, keepsOthers: settings.carriesOthers)
    let messages = try renderer.messages(of: conversation)
    var counts = RecordCounts()
    for cut in try settings.cuts(of: messages, by: renderer) {
      let part = cut.end == messages.count ? messages : Array(messages[..<cut.end])
      try session.supervisedExample(for: part, trainOn: cut.trainOn, into: &example)
      guard try fit(part, &counts) else { continue }
      try body(example, conversation)
      let trained = example.trainedCount
      counts.examples += 1
      counts.tokens += example.tokens.count
      counts.trainedTokens += trained
      if trained == 0 { counts.untrained += 1 }
    }
    if counts == RecordCounts() { counts.untrained = 1 }
    return counts
  }

  /// Makes the example as short as it has to be.
  ///
  /// - Returns: Whether it stays.
  private mutating func fit(
    _ messages: [Message], _ counts: inout RecordCounts
  ) throws(RenderingError) -> Bool {
    let length = example.tokens.count
    guard let maximum = settings.maximumLength, length > maximum else { return true }
    let unit: ShorteningUnit
    switch settings.lengthPolicy {
    case .error:
      throw RenderingError(
        .conversation, "the example has \(length) tokens, and the limit is \(maximum)")
    case .drop:
      counts.tooLong += 1
      return false
    case .cut: unit = .target
    case .turn: unit = .turn
    }
    let stops = renderer.family.endTokens
    guard
      let count = example.shortenedCount(
        limit: maximum, whole: unit, of: messages, stops: stops)
    else {
      counts.tooLong += 1
      return false
    }
    let trained = example.trainedCount
    example.shorten(to: count)
    counts.shortened += 1
    counts.lostTokens += length - count
    counts.lostTrainedTokens += trained - example.trainedCount
    return true
  }

  /// Renders the examples of a conversation one after the other into one buffer.
  ///
  /// - Throws: `RenderingError`, or what `body` throws.
  public mutating func forEachExample(
    of conversation: Conversation,
    _ body: (SupervisedExample) throws(RenderingError) -> Void
  ) throws(RenderingError) {
    let messages = try renderer.messages(of: conversation)
    for cut in try settings.cuts(of: messages, by: renderer) {
      let part = cut.end == messages.count ? messages : Array(messages[..<cut.end])
      try session.supervisedExample(for: part, trainOn: cut.trainOn, into: &example)
      try body(example)
    }
  }
}

extension SupervisedExample {
  /// The tokens with a weight above 0.
  var trainedCount: Int { segments.reduce(0) { $0 + ($1.weight > 0 ? $1.range.count : 0) } }
}

extension RecordSettings {
  /// The examples that the messages of a record are expanded into.
  func cuts(of messages: [Message], by renderer: Renderer) throws(RenderingError) -> [ExampleCut] {
    switch expansion {
    case .auto: try renderer.family.exampleCuts(of: messages[...], trainOn: trainOn)
    case .turns: try renderer.family.turnCuts(of: messages[...], trainOn: trainOn)
    case .none: [ExampleCut(end: messages.count, trainOn: trainOn)]
    }
  }
}

extension Conversation {
  /// Reads a record from its bytes.
  ///
  /// - Parameters:
  ///   - record: One JSON object with nothing but white space around it.
  ///   - form: How the record is written; `nil` to tell by its keys.
  ///   - keepsOthers: Whether members that the form does not know are kept.
  /// - Throws: `RenderingError` whose path is the field.
  public init(
    record: Span<UInt8>, form: RecordForm? = nil, keepsOthers: Bool = false
  ) throws(RenderingError) {
    let known: RecordForm
    if let form {
      known = form
    } else {
      var reader = JSONReader(record)
      known = try RecordForm(recognizing: &reader)
    }
    var reader = JSONReader(record)
    try self.init(reading: &reader, form: known, keepsOthers: keepsOthers)
    do { try reader.finish() } catch { throw RenderingError(error) }
  }
}
