public import TinkerJSON
public import TinkerTokenizer

/// What one family of chat formats does in its own way. Everything that families share (the order of
/// chunks, weights, prompt masking, splitting, streaming) stands once, in `RenderSession` and
/// `ResponseParser`; most requirements here have a default.
///
/// A family is an immutable value, made once for a tokenizer with its framing strings encoded.
public protocol ChatFamily: Sendable {
  /// The name for messages to people: the renderer's.
  var name: String { get }

  /// The tokens that begin every sequence. Default: none.
  var beginning: [UInt32] { get }

  /// Where a sampler must stop.
  var stopSequences: StopSequences { get }

  /// Whether each prompt of a conversation is claimed to be a prefix of the next.
  var hasExtensionProperty: Bool { get }

  /// Whether prompts close the reasoning before it begins. Default: `false`.
  var disablesThinking: Bool { get }

  /// Whether responses can be parsed as they arrive. Default: `true`.
  var supportsStreaming: Bool { get }

  // MARK: Writing

  /// Rewrites the messages before anything else is done with them. Default: as they are.
  ///
  /// - Throws: `RenderingError` for messages that the family cannot take.
  func normalized(_ messages: ArraySlice<Message>) throws(RenderingError) -> NormalizedMessages

  /// The index at which the last assistant turn of these messages begins. Default: behind the last
  /// user message.
  func turnStart(in messages: ArraySlice<Message>) -> Int

  /// Writes a message: its header, then its output, then, if it has one, its stop overlap.
  ///
  /// - Throws: `RenderingError` whose path begins at a field of the message.
  func write(
    _ message: Message, in context: RenderContext, to out: inout TokenWriter
  ) throws(RenderingError)

  /// Lays out a conversation as a whole, for families that do not write message by message; `write`
  /// and `writeGenerationSuffix` are then not asked. Default: `nil`.
  ///
  /// - Throws: `RenderingError` with the message and the field.
  func wholeLayout(
    of messages: NormalizedMessages, _ purpose: WholeLayout.Purpose
  ) throws(RenderingError) -> WholeLayout?

  /// Writes what asks for the next message. Default: the header of an empty message of that role.
  ///
  /// - Throws: `RenderingError` for a role that the family does not have.
  func writeGenerationSuffix(
    role: String, in context: RenderContext, to out: inout TokenWriter
  ) throws(RenderingError)

  /// The text that the answer begins with, encoded in one call behind the suffix: the family's own
  /// and the given one. Default: the given one.
  func prefill(_ given: String?, after messages: ArraySlice<Message>) -> String?

  /// What a prompt puts in front of an answer behind its header. An answer that begins with these
  /// tokens did not sample them. Default: none.
  func answerOpening(in context: RenderContext) -> [UInt32]

  /// The examples that a conversation is split into. Default: one with the extension property, and
  /// otherwise one for each trained answer, where the mode can be split.
  ///
  /// - Throws: `RenderingError` of kind `unsupported` for modes that cannot be split.
  func exampleCuts(
    of messages: ArraySlice<Message>, trainOn: TrainOn
  ) throws(RenderingError) -> [ExampleCut]

  // MARK: Reading

  /// The tokens that end a stream; the first of them that arrives does. Default: the stop sequence.
  var endTokens: [UInt32] { get }

  /// The tokens of a response with the opening that its prompt has given. Default: as they are.
  func restored(_ tokens: [UInt32]) -> [UInt32]

  /// The tokens that a response to a usual prompt is preceded by. Default: none.
  var responseOpening: [UInt32] { get }

  /// Reads a response, restored or not. Default: split at the stop token, restore, and
  /// `message(from:finish:)` for what stands before it.
  ///
  /// - Throws: `RenderingError` of kind `response` for tokens that hold more than one response.
  func parse(
    _ tokens: [UInt32], finish: ParseFinish, tokenizer: Tokenizer
  ) throws(RenderingError) -> ParsedResponse

  /// The message in the text of a response without its stop token.
  func message(from text: String) -> Message

  // MARK: Other forms

  /// The messages that declare tools. Default: refuse.
  ///
  /// - Throws: `RenderingError` of kind `unsupported` for families without tools.
  func toolDeclaration(
    tools: [ToolSpec], systemPrompt: String
  ) throws(RenderingError) -> [Message]

  /// A message in OpenAI's form. Default: reasoning inside the text, arguments as text.
  ///
  /// - Throws: `RenderingError` where the family has no such form.
  func openAIMessage(_ message: Message) throws(RenderingError) -> JSONValue
}

/// Messages as a family lays them out, with the place of each in the caller's list.
public struct NormalizedMessages: Sendable {
  /// The messages; the first has index 0.
  public var messages: ArraySlice<Message>
  /// The caller's index of each message, `nil` for those that the family has put in; `nil` as a whole
  /// when the indices are the caller's.
  public var sources: [Int?]?
  /// The index of the last message whose reasoning is left out, for families that decide it from the
  /// whole conversation; -1 for none.
  public var lastDroppedReasoning = -1

  /// Messages with their places.
  public init(_ messages: ArraySlice<Message>, sources: [Int?]? = nil) {
    self.messages = messages
    self.sources = sources
  }

  /// Messages with one put in front that is not the caller's, or elsewhere.
  public static func inserting(
    _ message: Message, before messages: ArraySlice<Message>, at index: Int = 0
  ) -> NormalizedMessages {
    var all = Array(messages)
    var sources: [Int?] = Array(messages.indices)
    all.insert(message, at: index)
    sources.insert(nil, at: index)
    return NormalizedMessages(all[...], sources: sources)
  }

  /// The first messages.
  func prefix(_ count: Int) -> NormalizedMessages {
    var first = self
    first.messages = messages.prefix(count)
    return first
  }

  /// The caller's index of a message.
  func source(of index: Int) -> Int? {
    guard let sources else { return index }
    return index < sources.count ? sources[index] : nil
  }
}

/// One example of several that a conversation is split into.
public struct ExampleCut: Sendable, Hashable {
  /// The number of messages that the example takes.
  public let end: Int
  /// What is trained of them.
  public let trainOn: TrainOn

  /// A cut.
  public init(end: Int, trainOn: TrainOn) {
    self.end = end
    self.trainOn = trainOn
  }
}

extension ChatFamily {
  /// None.
  public var beginning: [UInt32] { [] }
  /// `false`.
  public var disablesThinking: Bool { false }
  /// `true`.
  public var supportsStreaming: Bool { true }
  /// None.
  public var responseOpening: [UInt32] { [] }

  /// The messages as they are.
  public func normalized(
    _ messages: ArraySlice<Message>
  ) throws(RenderingError) -> NormalizedMessages {
    NormalizedMessages(messages)
  }

  /// The index behind the last user message.
  public func turnStart(in messages: ArraySlice<Message>) -> Int {
    RenderContext.lastUserIndex(in: messages) + 1
  }

  /// `nil`.
  public func wholeLayout(
    of messages: NormalizedMessages, _ purpose: WholeLayout.Purpose
  ) throws(RenderingError) -> WholeLayout? { nil }

  /// The header of an empty message.
  public func writeGenerationSuffix(
    role: String, in context: RenderContext, to out: inout TokenWriter
  ) throws(RenderingError) {
    try write(Message(role: role, content: .text("")), in: context, to: &out)
  }

  /// The given one.
  public func prefill(_ given: String?, after messages: ArraySlice<Message>) -> String? { given }

  /// None.
  public func answerOpening(in context: RenderContext) -> [UInt32] { [] }

  /// One example, or one for each trained answer.
  public func exampleCuts(
    of messages: ArraySlice<Message>, trainOn: TrainOn
  ) throws(RenderingError) -> [ExampleCut] {
    if hasExtensionProperty { return [ExampleCut(end: messages.count, trainOn: trainOn)] }
    return try turnCuts(of: messages, trainOn: trainOn)
  }

  /// One example for each trained answer.
  func turnCuts(
    of messages: ArraySlice<Message>, trainOn: TrainOn
  ) throws(RenderingError) -> [ExampleCut] {
    let candidates: Range<Int>
    switch trainOn {
    case .lastAssistantMessage: candidates = max(messages.count - 1, 0)..<messages.count
    case .lastAssistantTurn: candidates = turnStart(in: messages)..<messages.count
    case .allAssistantMessages: candidates = 0..<messages.count
    case .allMessages, .allTokens, .allUserAndSystemMessages, .customized:
      throw RenderingError(
        .unsupported,
        """
        \(name) changes earlier tokens in later turns, so \(trainOn.rawValue) cannot be split into \
        examples; render one example, or choose an assistant mode
        """)
    }
    return candidates.filter { messages[$0].role == Role.assistant }
      .map { ExampleCut(end: $0 + 1, trainOn: .lastAssistantMessage) }
  }

  /// The stop sequence, if it is tokens.
  public var endTokens: [UInt32] {
    if case .tokens(let tokens) = stopSequences { tokens } else { [] }
  }

  /// The tokens as they are.
  public func restored(_ tokens: [UInt32]) -> [UInt32] { tokens }

  /// Refuses.
  public func toolDeclaration(
    tools: [ToolSpec], systemPrompt: String
  ) throws(RenderingError) -> [Message] {
    throw .unsupported("tools", by: name)
  }

  /// Reasoning inside the text, arguments as text.
  public func openAIMessage(_ message: Message) throws(RenderingError) -> JSONValue {
    try OpenAIForm.message(message, reasoning: .inline, renderer: name)
  }
}
