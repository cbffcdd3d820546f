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
    do throws(RenderingError) {
      let conversation = try Conversation(
        record: record, form: settings.form, keepsOthers: settings.carriesOthers)
      var counts = RecordCounts()
      let (settings, writer) = (settings, writer)
      try forEachExample(of: conversation) { (example) throws(RenderingError) in
        try Self.append(
          example, of: conversation, settings: settings, writer: writer, counts: &counts, to: &out)
      }
      if counts == RecordCounts() { counts.untrained = 1 }
      return counts
    } catch {
      out.removeSubrange(start...)
      throw error
    }
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

  private static func append(
    _ example: SupervisedExample, of conversation: Conversation, settings: RecordSettings,
    writer: ExampleWriter, counts: inout RecordCounts, to out: inout [UInt8]
  ) throws(RenderingError) {
    let length = example.tokens.count
    if let maximum = settings.maximumLength, length > maximum {
      switch settings.lengthPolicy {
      case .drop:
        counts.tooLong += 1
        return
      case .error:
        throw RenderingError(
          .conversation, "the example has \(length) tokens, and the limit is \(maximum)")
      }
    }
    try writer.append(example, of: conversation, to: &out)
    let trained = example.segments.reduce(0) { $0 + ($1.weight > 0 ? $1.range.count : 0) }
    counts.examples += 1
    counts.tokens += length
    counts.trainedTokens += trained
    if trained == 0 { counts.untrained += 1 }
  }
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
