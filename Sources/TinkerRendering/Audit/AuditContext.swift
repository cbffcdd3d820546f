import TinkerJSON
import TinkerTokenizer

/// A conversation under audit, with what the rules ask about it.
struct AuditContext {
  let renderer: Renderer
  let conversation: Conversation
  /// The messages as they are rendered: with the declaration of tools in front.
  let messages: [Message]
  /// The rendered messages that declare tools.
  let declaredCount: Int
  /// What a rendered message's index is ahead of the record's.
  private let shift: Int

  init(renderer: Renderer, conversation: Conversation, messages: [Message]) {
    self.renderer = renderer
    self.conversation = conversation
    self.messages = messages
    shift = messages.count - conversation.messages.count
    let replacesSystem = conversation.messages.first?.role == Role.system
    declaredCount = conversation.tools == nil ? 0 : shift + (replacesSystem ? 1 : 0)
  }

  /// The record's index of a rendered message; `nil` for those that declare tools.
  func recordIndex(of message: Int?) -> Int? {
    guard let message, message >= declaredCount, message < messages.count else { return nil }
    return message - shift
  }

  /// Text for a sentence, cut and with controls spelled out.
  static func quoted(_ text: String, limit: Int = 40) -> String {
    let cut = PythonText.prefix(text[...], scalars: limit)
    let rest = cut.utf8.count < text.utf8.count ? "…" : ""
    return String(cut).debugDescription + rest
  }

  /// Tokens as text for a sentence.
  func quoted(_ tokens: some Collection<UInt32>) -> String {
    Self.quoted(renderer.tokenizer.decode(Array(tokens.prefix(12))))
  }
}

/// An example of the conversation under audit.
struct AuditedExample {
  let context: AuditContext
  let example: SupervisedExample
  /// The rendered messages that it takes.
  let end: Int
  /// Its number, where the conversation gives several.
  let number: Int?

  /// A place in the example.
  func place(message: Int? = nil, field: String? = nil, tokens: Range<Int>? = nil)
    -> Finding.Place
  {
    Finding.Place(
      example: number, message: context.recordIndex(of: message), field: field, tokens: tokens)
  }

  /// The rendered messages of which at least one output token is trained, in order.
  var trainedMessages: [Int] {
    var out: [Int] = []
    for segment in example.segments where segment.weight > 0 && !segment.range.isEmpty {
      guard segment.kind != .header, let message = segment.message, message < end else { continue }
      if out.last != message { out.append(message) }
    }
    return out
  }

  /// The trained messages that are an assistant's.
  var trainedAnswers: [Int] {
    trainedMessages.filter { context.messages[$0].role == Role.assistant }
  }

  /// The segments of a message.
  func segments(of message: Int) -> [Segment] { example.segments.filter { $0.message == message } }
}

/// Findings as they come, without those that nobody asked for.
struct FindingList {
  let codes: Set<FindingCode>
  private(set) var findings: [Finding] = []

  init(codes: Set<FindingCode>) { self.codes = codes }

  /// Whether a code is looked for.
  func wants(_ code: FindingCode) -> Bool { codes.contains(code) }

  mutating func add(
    _ code: FindingCode, _ message: String, severity: FindingSeverity? = nil,
    at place: Finding.Place
  ) {
    if wants(code) { findings.append(Finding(code, message, severity: severity, at: place)) }
  }
}
