public import TinkerData
public import TinkerJSON
public import TinkerTokenizer

/// Turns conversations into exactly the tokens and weights that a model trains on, and a model's
/// tokens back into messages.
///
/// ```swift
/// let renderer = try Renderer(named: "qwen3", tokenizer: tokenizer)
/// let example = try renderer.supervisedExample(
///   for: [.user("What is 2+2?"), .assistant("4")], trainOn: .allAssistantMessages)
/// ```
///
/// A renderer is a value that any number of tasks may share. Whoever renders many conversations makes
/// one `RenderSession` for each worker, which keeps the buffers and caches.
public struct Renderer: Sendable {
  /// The name it was asked for by.
  public let name: String
  /// Its options with the values in force, in the specification's spelling.
  public let options: JSONObject
  /// Where its tokens come from.
  public let tokenizer: Tokenizer
  /// How far it follows its reference.
  public let mode: RenderingMode

  let family: any ChatFamily
  let images: (any ImageChunkMaker)?

  /// A renderer by its name.
  ///
  /// - Parameters:
  ///   - name: A name of the registry, for example `qwen3`.
  ///   - tokenizer: The tokenizer of the model.
  ///   - options: What differs from the renderer's defaults.
  ///   - mode: How far it follows its reference.
  ///   - images: The source of images, for renderers that take them.
  ///   - registry: Where names are looked up.
  /// - Throws: `RenderingError` for an unknown name, for options that the renderer does not have, and
  ///   for a tokenizer without its tokens.
  public init(
    named name: String, tokenizer: Tokenizer, options: RendererOptions = RendererOptions(),
    mode: RenderingMode = .reference, images: (any ImageChunkMaker)? = nil,
    registry: RendererRegistry = .standard
  ) throws(RenderingError) {
    let entry = try registry.entry(named: name)
    let values = try options.values(for: entry.options, of: name)
    family = try entry.make(
      FamilySetup(name: name, tokenizer: tokenizer, options: values, isStrict: mode == .strict))
    self.name = name
    self.tokenizer = tokenizer
    self.mode = mode
    self.options = values.json
    self.images = images
  }

  /// A renderer of a family that is in no registry.
  public init(
    family: any ChatFamily, tokenizer: Tokenizer, images: (any ImageChunkMaker)? = nil
  ) {
    name = family.name
    options = [:]
    mode = .reference
    self.family = family
    self.tokenizer = tokenizer
    self.images = images
  }

  /// The tokens that begin every sequence; often none.
  public var beginning: [UInt32] { family.beginning }
  /// Where a sampler must stop.
  public var stopSequences: StopSequences { family.stopSequences }
  /// Whether each prompt of a conversation is claimed to be a prefix of the next.
  public var hasExtensionProperty: Bool { family.hasExtensionProperty }
  /// Whether prompts close the reasoning before it begins.
  public var disablesThinking: Bool { family.disablesThinking }
  /// Whether responses can be parsed as they arrive.
  public var supportsStreaming: Bool { family.supportsStreaming }

  /// The buffers and caches of one worker.
  public func makeSession() -> RenderSession {
    RenderSession(
      family: family, writer: TokenWriter(tokenizer: tokenizer, images: images, mode: mode))
  }
}

// MARK: Rendering

extension Renderer {
  /// The tokens that ask the model for the next message.
  ///
  /// `messages` is the conversation so far and may be empty; `role` is who is to speak; the answer
  /// begins with `prefill`.
  ///
  /// - Throws: `RenderingError` with the message and the field.
  public func generationPrompt(
    for messages: [Message], role: String = Role.assistant, prefill: String? = nil
  ) throws(RenderingError) -> RenderedPrompt {
    var session = makeSession()
    var prompt = RenderedPrompt()
    try session.generationPrompt(for: messages, role: role, prefill: prefill, into: &prompt)
    return prompt
  }

  /// The conversation as one training example.
  ///
  /// - Throws: `RenderingError` with the message and the field.
  public func supervisedExample(
    for messages: [Message], trainOn: TrainOn = .lastAssistantMessage
  ) throws(RenderingError) -> SupervisedExample {
    var session = makeSession()
    var example = SupervisedExample()
    try session.supervisedExample(for: messages, trainOn: trainOn, into: &example)
    return example
  }

  /// The conversation as training examples: one, or one for each trained turn where a later turn
  /// changes the tokens of an earlier one.
  ///
  /// - Throws: `RenderingError` with the message and the field; of kind `unsupported` for modes that
  ///   cannot be split.
  public func supervisedExamples(
    for messages: [Message], trainOn: TrainOn = .lastAssistantTurn
  ) throws(RenderingError) -> [SupervisedExample] {
    var session = makeSession()
    return try session.supervisedExamples(for: messages, trainOn: trainOn)
  }
}

// MARK: Parsing

extension Renderer {
  /// A whole response as a message.
  ///
  /// - Throws: `RenderingError` of kind `response` when the tokens hold more than one response.
  public func parse(_ tokens: [UInt32]) throws(RenderingError) -> ParsedResponse {
    try family.parse(tokens, finish: .whole, tokenizer: tokenizer)
  }

  /// A whole response as the deltas that a stream of it gives.
  ///
  /// - Throws: `RenderingError` of kind `unsupported` for renderers without streaming.
  public func stream(_ tokens: [UInt32]) throws(RenderingError) -> [MessageDelta] {
    try checkStreaming()
    // The whole response is here, so that nothing has to be guessed about what its prompt gave.
    var parser = ResponseParser(family: family, tokenizer: tokenizer, opening: [])
    var out: [MessageDelta] = []
    for token in family.restored(tokens) { out += parser.feed(token) }
    return out + (try parser.finish())
  }

  /// A parser for a response that arrives token by token.
  ///
  /// Where the renderer's prompt opens the reasoning and the response does not repeat the tag, its
  /// first deltas are taken for reasoning; the final message is read by the rules of `parse`.
  ///
  /// - Throws: `RenderingError` of kind `unsupported` for renderers without streaming.
  public func makeResponseParser() throws(RenderingError) -> ResponseParser {
    try checkStreaming()
    return ResponseParser(family: family, tokenizer: tokenizer, opening: family.responseOpening)
  }

  private func checkStreaming() throws(RenderingError) {
    if !supportsStreaming { throw .unsupported("parsing of streams", by: name) }
  }
}

// MARK: Other forms

extension Renderer {
  /// The messages that declare tools at the beginning of a conversation.
  ///
  /// - Throws: `RenderingError` of kind `unsupported` for renderers without tools.
  public func toolDeclaration(
    tools: [ToolSpec], systemPrompt: String = ""
  ) throws(RenderingError) -> [Message] {
    try family.toolDeclaration(tools: tools, systemPrompt: systemPrompt)
  }

  /// The messages of a record. Its tools are declared in front: a leading system message is taken
  /// out, its text given to the declaration, and the result stands in its place, untrained.
  ///
  /// - Throws: `RenderingError` of kind `unsupported` for renderers without tools.
  public func messages(of conversation: Conversation) throws(RenderingError) -> [Message] {
    guard let tools = conversation.tools else { return conversation.messages }
    var rest = conversation.messages[...]
    var systemPrompt = ""
    if let first = rest.first, first.role == Role.system {
      do throws(RenderingError) { systemPrompt = try first.content.onlyText() } catch {
        throw error.inside("messages[0]")
      }
      rest = rest.dropFirst()
    }
    var declaration = try toolDeclaration(tools: tools, systemPrompt: systemPrompt)
    if conversation.messages.contains(where: { $0.trainable != nil }) {
      for index in declaration.indices { declaration[index].trainable = false }
    }
    return declaration + rest
  }

  /// A message in the form of OpenAI's chat API.
  ///
  /// - Throws: `RenderingError` of kind `unsupported` where the family has no such form.
  public func openAIMessage(_ message: Message) throws(RenderingError) -> JSONValue {
    try family.openAIMessage(message)
  }
}
