import TinkerTokenizer

/// The buffers and caches of one worker; not to be shared between tasks.
public struct RenderSession: ~Copyable {
  let family: any ChatFamily
  private var writer: TokenWriter
  private var scratch = RenderedPrompt()

  init(family: any ChatFamily, writer: consuming TokenWriter) {
    self.family = family
    self.writer = writer
  }

  /// As `Renderer.generationPrompt`, into a prompt whose memory is used again.
  ///
  /// - Throws: `RenderingError` with the message and the field.
  public mutating func generationPrompt(
    for messages: [Message], role: String = Role.assistant, prefill: String? = nil,
    into prompt: inout RenderedPrompt
  ) throws(RenderingError) {
    try generationPrompt(for: messages[...], role: role, prefill: prefill, into: &prompt)
  }

  /// As `Renderer.supervisedExample`, into an example whose memory is used again.
  ///
  /// - Throws: `RenderingError` with the message and the field.
  public mutating func supervisedExample(
    for messages: [Message], trainOn: TrainOn = .lastAssistantMessage,
    into example: inout SupervisedExample
  ) throws(RenderingError) {
    try supervisedExample(for: messages[...], trainOn: trainOn, into: &example)
  }

  /// As `Renderer.supervisedExamples`.
  ///
  /// - Throws: `RenderingError` with the message and the field.
  public mutating func supervisedExamples(
    for messages: [Message], trainOn: TrainOn = .lastAssistantTurn
  ) throws(RenderingError) -> [SupervisedExample] {
    var examples: [SupervisedExample] = []
    for cut in try family.exampleCuts(of: messages[...], trainOn: trainOn) {
      var example = SupervisedExample()
      try supervisedExample(for: messages[..<cut.end], trainOn: cut.trainOn, into: &example)
      examples.append(example)
    }
    return examples
  }

  // MARK: Prompts

  private mutating func generationPrompt(
    for messages: ArraySlice<Message>, role: String, prefill: String?,
    into prompt: inout RenderedPrompt
  ) throws(RenderingError) {
    try layOutPrompt(
      try family.normalized(messages), asked: messages.count, role: role, prefill: prefill,
      into: &prompt)
  }

  /// Lays normalized messages out; `asked` is the caller's index of the message that is asked for.
  private mutating func layOutPrompt(
    _ normalized: NormalizedMessages, asked: Int, role: String, prefill: String?,
    into prompt: inout RenderedPrompt
  ) throws(RenderingError) {
    let whole = try family.wholeLayout(of: normalized, .prompt(role: role, prefill: prefill))
    writer.begin(.prompt, reusing: &prompt)
    defer { writer.end(&prompt) }
    if let whole {
      writer.write(whole) { _ in 0 }
      return
    }
    let all = normalized.messages
    let lastUser = RenderContext.lastUserIndex(in: all)
    let turnStart = family.turnStart(in: all)
    writer.append(family.beginning, kind: .bos)
    for index in all.indices {
      writer.message = normalized.source(of: index)
      writer.isForeign = all[index].role == Role.user || all[index].role == Role.tool
      let context = RenderContext(
        messages: all, index: index, isLast: index + 1 == all.endIndex, lastUserIndex: lastUser,
        isInLastAssistantTurn: index >= turnStart,
        lastDroppedReasoning: normalized.lastDroppedReasoning)
      do throws(RenderingError) {
        try family.write(all[index], in: context, to: &writer)
      } catch { throw error.inside("messages[\(writer.message ?? index)]") }
    }
    writer.message = asked
    writer.isForeign = false
    writer.purpose = .suffix
    let context = RenderContext(
      messages: all, index: all.count, isLast: true, lastUserIndex: lastUser,
      isInLastAssistantTurn: true, lastDroppedReasoning: normalized.lastDroppedReasoning)
    try family.writeGenerationSuffix(role: role, in: context, to: &writer)
    writer.purpose = .prompt
    if let text = family.prefill(prefill, after: all) { writer.prefill(text) }
  }

  // MARK: Examples

  private mutating func supervisedExample(
    for messages: ArraySlice<Message>, trainOn: TrainOn, into example: inout SupervisedExample
  ) throws(RenderingError) {
    let normalized = try family.normalized(messages)
    try layOut(normalized, trainOn: trainOn, into: &example)
    try maskPrompt(of: normalized, trainOn: trainOn, in: &example)
  }

  private mutating func layOut(
    _ normalized: NormalizedMessages, trainOn: TrainOn, into example: inout SupervisedExample
  ) throws(RenderingError) {
    let whole = try family.wholeLayout(of: normalized, .example)
    writer.begin(.example, reusing: &example)
    defer { writer.end(&example) }
    if let whole {
      let trained = try trainedMessages(of: normalized, trainOn: trainOn)
      writer.write(whole) { piece in
        if piece.kind == .bos { return 0 }
        let isTrained = piece.message.map { trained.contains($0) } ?? false
        return trainOn == .allTokens || (piece.isOutput && isTrained) ? 1 : 0
      }
      return
    }
    let all = normalized.messages
    let lastUser = RenderContext.lastUserIndex(in: all)
    let turnStart = family.turnStart(in: all.dropLast())
    if !family.beginning.isEmpty { writer.append(family.beginning, kind: .bos) }
    for index in all.indices {
      let message = all[index]
      let context = RenderContext(
        messages: all, index: index, isLast: index + 1 == all.endIndex, lastUserIndex: lastUser,
        isInLastAssistantTurn: index >= turnStart,
        lastDroppedReasoning: normalized.lastDroppedReasoning)
      let source = normalized.source(of: index)
      do throws(RenderingError) {
        try Self.checkFlag(of: message, trainOn: trainOn)
        let isTrained = trainOn.trains(message, in: context)
        writer.beginMessage(
          source, headerWeight: trainOn == .allTokens ? 1 : 0, outputWeight: isTrained ? 1 : 0,
          role: message.role, isLast: context.isLast)
        try family.write(message, in: context, to: &writer)
      } catch { throw error.inside("messages[\(source ?? index)]") }
      if message.role == Role.assistant {
        writer.markOpening(family.answerOpening(in: context))
      }
    }
  }

  /// The caller's indices of the messages that a mode trains.
  private func trainedMessages(
    of normalized: NormalizedMessages, trainOn: TrainOn
  ) throws(RenderingError) -> Set<Int> {
    let all = normalized.messages
    let lastUser = RenderContext.lastUserIndex(in: all)
    let turnStart = family.turnStart(in: all.dropLast())
    var out: Set<Int> = []
    for index in all.indices {
      let source = normalized.source(of: index)
      do throws(RenderingError) { try Self.checkFlag(of: all[index], trainOn: trainOn) } catch {
        throw error.inside("messages[\(source ?? index)]")
      }
      let context = RenderContext(
        messages: all, index: index, isLast: index + 1 == all.endIndex, lastUserIndex: lastUser,
        isInLastAssistantTurn: index >= turnStart,
        lastDroppedReasoning: normalized.lastDroppedReasoning)
      if let source, trainOn.trains(all[index], in: context) { out.insert(source) }
    }
    return out
  }

  /// The flag `trainable` must stand on every message in mode `customized`, and on none otherwise.
  private static func checkFlag(of message: Message, trainOn: TrainOn) throws(RenderingError) {
    if trainOn == .customized && message.trainable == nil {
      throw RenderingError(
        .conversation, "the mode customized needs 'trainable' on every message", at: "trainable")
    }
    if trainOn != .customized && message.trainable != nil {
      throw RenderingError(
        .conversation, "'trainable' is only allowed in the mode customized", at: "trainable")
    }
  }

  /// Takes the weight from tokens of the last answer that its prompt gives.
  private mutating func maskPrompt(
    of normalized: NormalizedMessages, trainOn: TrainOn, in example: inout SupervisedExample
  ) throws(RenderingError) {
    let messages = normalized.messages
    let boundary: Int
    switch trainOn {
    case .lastAssistantMessage: boundary = messages.count - 1
    case .lastAssistantTurn: boundary = RenderContext.lastUserIndex(in: messages) + 1
    case .allAssistantMessages, .allMessages, .allTokens, .allUserAndSystemMessages, .customized:
      return
    }
    guard messages.indices.contains(boundary), messages[boundary].role == Role.assistant,
      example.images.isEmpty
    else { return }
    var prompt = RenderedPrompt()
    swap(&prompt, &scratch)
    defer { swap(&prompt, &scratch) }
    // The messages before the boundary are normalized already, with the whole in view.
    try layOutPrompt(
      normalized.prefix(boundary), asked: boundary, role: Role.assistant, prefill: nil,
      into: &prompt)
    if example.tokens.starts(with: prompt.tokens) {
      example.removeWeight(before: prompt.tokens.count)
    } else if family.disablesThinking {
      throw RenderingError(
        .conversation,
        """
        \(family.name) has thinking turned off: its prompt closes the reasoning before the answer, \
        and this turn reasons; remove the reasoning or choose a renderer that thinks
        """, at: "messages[\(boundary)].content")
    }
  }
}

extension TrainOn {
  /// Whether the mode trains the output of a message.
  func trains(_ message: Message, in context: RenderContext) -> Bool {
    switch self {
    case .lastAssistantMessage: context.isLast && message.role == Role.assistant
    case .lastAssistantTurn: message.role == Role.assistant && context.isInLastAssistantTurn
    case .allAssistantMessages: message.role == Role.assistant
    case .allMessages, .allTokens: true
    case .allUserAndSystemMessages: message.role == Role.user || message.role == Role.system
    case .customized: message.trainable == true
    }
  }
}
