import TinkerJSON
import TinkerTemplate
import TinkerTokenizer

/// A renderer that is made of a model's own chat template.
///
/// The whole conversation is rendered and encoded in one call, as `apply_chat_template` does. What a
/// message says, and what the template puts around it, is read off the places that the engine notes;
/// what the prompt gives of an answer is found by rendering that prompt.
struct TemplateFamily: ChatFamily {
  let name: String
  let stopSequences: StopSequences
  let hasExtensionProperty: Bool
  let responseOpening: [UInt32]

  let program: TemplateProgram
  let form: TemplateConversation.Form
  /// The texts that end an answer.
  let stops: [String]
  private let beginningText: String?
  private let readsCalls: Bool

  init(_ file: TemplateFile, _ setup: FamilySetup) throws(RenderingError) {
    name = setup.name
    var variables = Self.specialTokens(file, setup.tokenizer)
    for (key, value) in setup.options.json where key != "date" && key != "stop" {
      variables.set(key, to: value)
    }
    program = TemplateProgram(
      template: file.template, variables: variables, date: try Self.date(setup.options))
    form = program.form
    stops = Self.stops(of: program, setup)
    let ids = stops.map { setup.tokenizer.encode($0) }
    stopSequences =
      ids.allSatisfy { $0.count == 1 } ? .tokens(ids.compactMap(\.first)) : .strings(stops)
    hasExtensionProperty = program.extends(form)
    beginningText = variables["bos_token"]?.text
    readsCalls = file.template.source.contains("<tool_call>")
    // A prompt that opens the reasoning: responses go on behind it.
    let suffix = program.promptSuffix ?? ""
    let open = ByteSearch.places(of: "<think>", in: suffix.utf8.span).last
    let close = ByteSearch.places(of: "</think>", in: suffix.utf8.span).last
    responseOpening =
      open.map { $0 > close ?? -1 } == true ? setup.tokenizer.encode("<think>\n") : []
  }

  private static func specialTokens(_ file: TemplateFile, _ tokenizer: Tokenizer) -> JSONObject {
    var out = file.specialTokens
    let own = [
      ("bos_token", tokenizer.beginningOfSequence), ("eos_token", tokenizer.endOfSequence),
    ]
    for (key, token) in own where out[key] == nil {
      if let token { out[key] = .string(JSONString(token.text)) }
    }
    return out
  }

  private static func date(_ options: OptionValues) throws(RenderingError) -> TemplateDate? {
    guard let value = options.json["date"] else { return nil }
    guard let text = value.text, let date = TemplateDate(text) else {
      throw RenderingError(.request, "the option date has the form 2026-07-01", at: "date")
    }
    return date
  }

  /// The stop that was given; or the first added tokens behind an answer and behind a call; or what
  /// stands there as text; or the tokenizer's end of sequence.
  private static func stops(of program: TemplateProgram, _ setup: FamilySetup) -> [String] {
    if let given = setup.options.json["stop"] {
      return (given.array ?? [given]).compactMap(\.text)
    }
    let tokenizer = setup.tokenizer
    var found: [String] = []
    var texts: [String] = []
    for tail in program.tails {
      let ids = tokenizer.encode(tail)
      if let id = ids.first(where: { tokenizer.isSpecial($0) })
        ?? ids.first(where: { tokenizer.isAdded($0) }), let text = tokenizer.token(for: id)
      {
        if !found.contains(text) { found.append(text) }
      } else {
        let text = String(PythonText.strip(tail[...]))
        if !text.isEmpty { texts.append(text) }
      }
    }
    if !found.isEmpty { return found }
    if let text = texts.first { return [text] }
    return tokenizer.endOfSequence.map { [$0.text] } ?? []
  }

  // MARK: Writing

  func write(
    _ message: Message, in context: RenderContext, to out: inout TokenWriter
  ) throws(RenderingError) {
    throw .unsupported("messages one by one: a template renders whole conversations", by: name)
  }

  func wholeLayout(
    of messages: NormalizedMessages, _ purpose: WholeLayout.Purpose
  ) throws(RenderingError) -> WholeLayout? {
    let conversation = try TemplateConversation(messages, form: form, renderer: name)
    switch purpose {
    case .example:
      return try TemplateLayout(self, conversation, addsPrompt: false).layout()
    case .prompt(let role, let prefill):
      if role != Role.assistant { throw .unsupported("prompts for '\(role)'", by: name) }
      var layout = try TemplateLayout(self, conversation, addsPrompt: true).layout()
      let asked = messages.messages.count
      layout.ask(asked, prefill: prefill)
      return layout
    }
  }

  /// What a template makes of messages, with its errors as ours.
  func rendered(
    _ conversation: TemplateConversation, first count: Int, addsPrompt: Bool
  ) throws(RenderingError) -> RenderedTemplate {
    do throws(TemplateError) {
      return try program.render(
        Array(conversation.messages.prefix(count)), tools: conversation.tools,
        addsPrompt: addsPrompt)
    } catch {
      let isRefusal = error.kind == .raised
      throw RenderingError(
        error.kind == .unsupported ? .unsupported : .conversation,
        isRefusal
          ? "the template refuses the conversation: \(error.message)" : error.description)
    }
  }

  func exampleCuts(
    of messages: ArraySlice<Message>, trainOn: TrainOn
  ) throws(RenderingError) -> [ExampleCut] {
    let whole = [ExampleCut(end: messages.count, trainOn: trainOn)]
    switch trainOn {
    case .lastAssistantMessage, .allMessages, .allTokens, .allUserAndSystemMessages, .customized:
      return whole
    case .lastAssistantTurn, .allAssistantMessages: break
    }
    // One example serves where every trained answer, with all before it, is as it was when it came last.
    let first = trainOn == .lastAssistantTurn ? turnStart(in: messages) : 0
    let conversation = try TemplateConversation(
      NormalizedMessages(messages), form: form, renderer: name)
    let text = try rendered(conversation, first: .max, addsPrompt: false).bytes
    for (index, role) in conversation.roles.enumerated() where role == Role.assistant {
      if (conversation.sources[index] ?? 0) < first { continue }
      let layout = try? TemplateLayout(
        self, conversation, first: index + 1, addsPrompt: false)
      guard let before = try? layout?.bytes(throughMessage: index), text.starts(with: before) else {
        return try turnCuts(of: messages, trainOn: trainOn)
      }
    }
    return whole
  }

  /// Whether a text is the one that begins every sequence.
  func isBeginning(_ text: String) -> Bool { text == beginningText }

  // MARK: Reading

  func restored(_ tokens: [UInt32]) -> [UInt32] {
    guard let open = responseOpening.first, !tokens.contains(open) else { return tokens }
    return responseOpening + tokens
  }

  func parse(
    _ tokens: [UInt32], finish: ParseFinish, tokenizer: Tokenizer
  ) throws(RenderingError) -> ParsedResponse {
    let tokens = restored(tokens)
    switch stopSequences {
    case .tokens(let ends):
      if let index = tokens.firstIndex(where: { ends.contains($0) }) {
        let count = tokens[index...].count { ends.contains($0) }
        if count > 1 { throw .severalStops(count, renderer: name) }
        let text = tokenizer.decode(Array(tokens[..<index]))
        return ParsedResponse(message: message(from: text), termination: .stopSequence)
      }
    case .strings(let ends):
      let text = tokenizer.decode(tokens)
      let places = ends.compactMap { ByteSearch.places(of: $0, in: text.utf8.span).first }
      if let place = places.min() {
        let before = String(decoding: Array(text.utf8)[..<place], as: UTF8.self)
        return ParsedResponse(message: message(from: before), termination: .stopSequence)
      }
    }
    let text = tokenizer.decode(tokens)
    let message =
      finish == .whole
      ? Message(role: Role.assistant, content: .text(text)) : message(from: text)
    return ParsedResponse(message: message, termination: .malformed)
  }

  /// Reasoning in `<think>` tags, and calls in `<tool_call>` tags where the template writes them.
  func message(from text: String) -> Message {
    if readsCalls { return QwenResponse.message(from: text, unframes: true) }
    guard let blocks = ContentBlocks(text, readsCalls: false) else {
      return Message(role: Role.assistant, content: .text(text))
    }
    return Message(
      role: Role.assistant, content: .parts(QwenThinking.unframed(blocks.parts)))
  }

  // MARK: Other forms

  func toolDeclaration(
    tools: [ToolSpec], systemPrompt: String
  ) throws(RenderingError) -> [Message] {
    let list = JSONValue.array(tools.map(\.openAI)).serialized(.pythonUnicode)
    let declaration = Message(role: Role.toolDeclaration, content: .text(list))
    return systemPrompt.isEmpty ? [declaration] : [declaration, .system(systemPrompt)]
  }

  func openAIMessage(_ message: Message) throws(RenderingError) -> JSONValue {
    try OpenAIForm.message(message, reasoning: .separate, renderer: name)
  }
}
