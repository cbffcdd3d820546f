import TinkerData
import TinkerJSON
import TinkerRendering
import TinkerTokenizer
import TinkerWire

/// One choice of a completion, piece by piece and as a whole.
protocol Answer: Sendable {
  /// What a token adds to a stream: the members of a choice, or nothing.
  mutating func feed(_ token: UInt32) -> [JSONValue]

  /// What remains at the end of a stream, and how the answer ended.
  mutating func finish(_ sequence: SampledSequence) -> (pieces: [JSONValue], reason: String)

  /// The members of the choice as a whole.
  func whole(_ sequence: SampledSequence, logprobs: Int?) -> (choice: JSONObject, reason: String)
}

/// A text.
struct TextAnswer: Answer {
  private var text: AnswerText
  private let tokenizer: Tokenizer

  init(_ text: AnswerText, _ tokenizer: Tokenizer) {
    self.text = text
    self.tokenizer = tokenizer
  }

  mutating func feed(_ token: UInt32) -> [JSONValue] { Self.piece(text.feed(token)) }

  mutating func finish(_ sequence: SampledSequence) -> (pieces: [JSONValue], reason: String) {
    (Self.piece(text.finish()), sequence.stopReason.rawValue)
  }

  private static func piece(_ text: String) -> [JSONValue] {
    text.isEmpty ? [] : [.members(["text": .text(text)])]
  }

  func whole(_ sequence: SampledSequence, logprobs: Int?) -> (choice: JSONObject, reason: String) {
    var text = text
    var all = ""
    for token in sequence.tokens { all += text.feed(token) }
    all += text.finish()
    var choice: JSONObject = ["text": .text(all)]
    if logprobs != nil {
      let tokens = sequence.tokens.map { JSONValue.text(tokenizer.decode([$0])) }
      let best = sequence.topKLogprobs?.map { row -> JSONValue in
        var table = JSONObject()
        for cell in row ?? [] {
          table.set(
            JSONString(tokenizer.decode([cell.token])), to: .number(.double(Double(cell.logprob))))
        }
        return .object(table)
      }
      choice["logprobs"] = .members([
        "tokens": .array(tokens),
        "token_logprobs": .array(
          (sequence.logprobs ?? []).map { .number(.double(Double($0))) }),
        "top_logprobs": best.map { .array($0) } ?? .null,
      ])
    }
    choice["token_ids"] = .array(sequence.tokens.map { .int(Int($0)) })
    return (choice, sequence.stopReason.rawValue)
  }
}

/// A message of the assistant.
struct ChatAnswer: Answer {
  private let renderer: Renderer
  private let tokenizer: Tokenizer
  private let plain: AnswerText
  private let stops: [String]
  private var parser: ResponseParser?
  private var isBegun = false

  /// - Parameters:
  ///   - renderer: Reads responses.
  ///   - plain: Reads them where a stop text of the caller's cuts them.
  ///   - tokenizer: Names tokens.
  ///   - stops: The caller's stop texts.
  init(_ renderer: Renderer, _ plain: AnswerText, _ tokenizer: Tokenizer, stops: [String]) {
    self.renderer = renderer
    self.plain = plain
    self.tokenizer = tokenizer
    self.stops = stops
    // Stop texts of the caller's are found in the whole text only.
    parser = stops.isEmpty ? try? renderer.makeResponseParser() : nil
  }

  mutating func feed(_ token: UInt32) -> [JSONValue] {
    guard let deltas = parser?.feed(token) else { return [] }
    return begun() + deltas.compactMap(Self.piece)
  }

  private mutating func begun() -> [JSONValue] {
    guard !isBegun else { return [] }
    isBegun = true
    return [Self.delta(["role": "assistant", "content": ""])]
  }

  private static func piece(_ delta: MessageDelta) -> JSONValue? {
    switch delta {
    case .header, .message: nil
    case .text(let text, _): text.isEmpty ? nil : Self.delta(["content": .text(text)])
    case .thinking(let text, _):
      text.isEmpty ? nil : Self.delta(["reasoning_content": .text(text)])
    }
  }

  private static func delta(_ members: JSONObject) -> JSONValue {
    .members(["delta": .object(members)])
  }

  mutating func finish(_ sequence: SampledSequence) -> (pieces: [JSONValue], reason: String) {
    let (choice, reason) = whole(sequence, logprobs: nil)
    var pieces = begun()
    let message = choice["message"]?.object ?? [:]
    if let rest = try? parser?.finish() {
      pieces += rest.compactMap(Self.piece)
    } else {
      for key in ["reasoning_content", "content"] {
        if let value = message[key], value.text?.isEmpty == false {
          pieces.append(Self.delta([key: value]))
        }
      }
    }
    if let calls = message["tool_calls"]?.array, !calls.isEmpty {
      let numbered = calls.enumerated().map { index, call -> JSONValue in
        var object = call.object ?? [:]
        object["index"] = .int(index)
        return .object(object)
      }
      pieces.append(Self.delta(["tool_calls": .array(numbered)]))
    }
    return (pieces, reason)
  }

  func whole(_ sequence: SampledSequence, logprobs: Int?) -> (choice: JSONObject, reason: String) {
    var message: JSONObject
    var reason = sequence.stopReason.rawValue
    let isCut = stops.contains { tokenizer.decode(sequence.tokens).contains($0) }
    if !isCut, let parsed = try? renderer.parse(sequence.tokens),
      let form = OpenAIConversation.form(of: parsed.message)
    {
      message = form
      if parsed.message.toolCalls?.isEmpty == false { reason = "tool_calls" }
    } else {
      var plain = plain
      var text = ""
      for token in sequence.tokens { text += plain.feed(token) }
      message = ["role": "assistant", "content": .text(text + plain.finish())]
    }
    if message["content"] == nil { message["content"] = .null }
    var choice: JSONObject = ["message": .object(message)]
    if logprobs != nil {
      let rows = sequence.tokens.enumerated().map { index, token -> JSONValue in
        row(
          TokenLogprob(token: token, logprob: sequence.logprobs?[index] ?? 0),
          sequence.topKLogprobs?[index] ?? [])
      }
      choice["logprobs"] = .members(["content": .array(rows)])
    }
    choice["token_ids"] = .array(sequence.tokens.map { .int(Int($0)) })
    return (choice, reason)
  }

  private func row(_ cell: TokenLogprob, _ best: [TokenLogprob]) -> JSONValue {
    let text = tokenizer.decode([cell.token])
    return .members([
      "token": .text(text), "logprob": .number(.double(Double(cell.logprob))),
      "bytes": .array(text.utf8.map { .int(Int($0)) }),
      "top_logprobs": .array(best.map { row($0, []) }),
    ])
  }
}

extension OpenAIConversation {
  /// A message in OpenAI's form, `nil` if it has none.
  fileprivate static func form(of message: Message) -> JSONObject? {
    guard let conversation = try? OpenAIConversation([message]) else { return nil }
    return conversation.messages.first?.object
  }
}
