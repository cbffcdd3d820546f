public import TinkerData
public import TinkerJSON

/// Turns conversations into exactly the tokens and weights that a model trains on, and a model's
/// tokens back into messages.
///
/// A renderer is a value that any number of tasks may share. Whoever renders many conversations makes
/// one `RenderSession` for each worker, which keeps the buffers and caches.
public struct Renderer: Sendable {
  /// The name it was asked for by.
  public let name: String
  /// Its options with the values in force, as the specification spells them.
  public let options: JSONObject
  /// The tokens that begin every sequence; often none.
  public let beginning: [UInt32]
  /// Where a sampler must stop.
  public let stopSequences: StopSequences
  /// Whether each prompt of a conversation is claimed to be a prefix of the next.
  public let hasExtensionProperty: Bool
  /// Whether the prompts close the reasoning before it begins.
  public let disablesThinking: Bool
  /// Whether responses can be parsed as they arrive.
  public let supportsStreaming: Bool

  /// The buffers and caches of one worker.
  public func makeSession() -> RenderSession { RenderSession() }

  /// The tokens that ask the model for the next message.
  ///
  /// - Parameters:
  ///   - messages: The conversation so far; it may be empty.
  ///   - role: Who is to speak.
  ///   - prefill: Text that the answer must begin with.
  /// - Throws: `RenderingError` with the message and the field.
  public func generationPrompt(
    for messages: [Message], role: String = Role.assistant, prefill: String? = nil
  ) throws(RenderingError) -> RenderedPrompt {
    throw .unsupported("prompts", by: name)
  }

  /// The conversation as one training example.
  ///
  /// - Throws: `RenderingError` with the message and the field.
  public func supervisedExample(
    for messages: [Message], trainOn: TrainOn = .lastAssistantMessage
  ) throws(RenderingError) -> SupervisedExample {
    throw .unsupported("examples", by: name)
  }

  /// The conversation as training examples: one, or one for each trained turn where a later turn
  /// changes the tokens of an earlier one.
  ///
  /// - Throws: `RenderingError` with the message and the field; of kind `unsupported` for modes that
  ///   cannot be split.
  public func supervisedExamples(
    for messages: [Message], trainOn: TrainOn = .lastAssistantTurn
  ) throws(RenderingError) -> [SupervisedExample] {
    throw .unsupported("examples", by: name)
  }

  /// A whole response as a message.
  ///
  /// - Throws: `RenderingError` of kind `response` when the tokens hold more than one response.
  public func parse(_ tokens: [UInt32]) throws(RenderingError) -> ParsedResponse {
    throw .unsupported("parsing", by: name)
  }

  /// A whole response as the deltas that a stream of it gives.
  ///
  /// - Throws: `RenderingError` of kind `unsupported` for renderers without streaming.
  public func stream(_ tokens: [UInt32]) throws(RenderingError) -> [MessageDelta] {
    throw .unsupported("streaming", by: name)
  }

  /// The messages that declare tools at the beginning of a conversation.
  ///
  /// - Throws: `RenderingError` of kind `unsupported` for renderers without tools.
  public func toolDeclaration(
    tools: [ToolSpec], systemPrompt: String = ""
  ) throws(RenderingError) -> [Message] {
    throw .unsupported("tools", by: name)
  }

  /// The messages of a record, with its tools declared in front.
  ///
  /// - Throws: `RenderingError` of kind `unsupported` for renderers without tools.
  public func messages(of conversation: Conversation) throws(RenderingError) -> [Message] {
    throw .unsupported("tools", by: name)
  }

  /// A message in the form of OpenAI's chat API.
  ///
  /// - Throws: `RenderingError` of kind `unsupported` where the family has no such form.
  public func openAIMessage(_ message: Message) throws(RenderingError) -> JSONValue {
    throw .unsupported("OpenAI messages", by: name)
  }
}
