import Synchronization
import TinkerData
import TinkerFiles
import TinkerJSON
import TinkerLocal
import TinkerWire

/// A completion at work: prompts of which each has so many choices.
struct Completing: Sendable {
  /// What is completed.
  enum Form: Sendable {
    case text
    case chat

    var object: String { self == .text ? "text_completion" : "chat.completion" }
    /// Pieces of texts are called as the whole is.
    var pieceObject: String { self == .text ? "text_completion" : "chat.completion.chunk" }
  }

  let core: ServerCore
  let request: OpenAIRequest
  let sampler: String
  let samples: [SampleRequest]
  let form: Form
  /// The choices of all prompts, in order.
  let answers: [any Answer]
  private let id: String
  private let created = Machine.now

  init(
    core: ServerCore, request: OpenAIRequest, sampler: String, samples: [SampleRequest], form: Form,
    answers: [any Answer]
  ) {
    self.core = core
    self.request = request
    self.sampler = sampler
    self.samples = samples
    self.form = form
    self.answers = answers
    id = (form == .text ? "cmpl-" : "chatcmpl-") + String(RandomStream.systemSeed(), radix: 36)
  }

  func reply() async throws -> ServerReply { request.isStreamed ? stream() : try await whole() }

  // MARK: As a whole

  private func whole() async throws -> ServerReply {
    var choices: [JSONValue] = []
    var prompted = 0
    var drawn = 0
    for (number, sample) in samples.enumerated() {
      let response = try await core.complete(sampler, sample)
      prompted += sample.prompt.length
      for (index, sequence) in response.sequences.enumerated() {
        drawn += sequence.tokens.count
        let place = number * request.choices + index
        var (choice, reason) = answers[place].whole(sequence, logprobs: request.logprobs)
        choice["index"] = .int(place)
        choice["finish_reason"] = .text(reason)
        if choice["logprobs"] == nil { choice["logprobs"] = .null }
        choices.append(.object(choice))
      }
    }
    return .json(
      .members([
        "id": .text(id), "object": .text(form.object), "created": .int(created),
        "model": .text(request.model), "choices": .array(choices), "usage": usage(prompted, drawn),
      ]))
  }

  private func usage(_ prompted: Int, _ drawn: Int) -> JSONValue {
    .members([
      "prompt_tokens": .int(prompted), "completion_tokens": .int(drawn),
      "total_tokens": .int(prompted + drawn),
    ])
  }

  // MARK: Piece by piece

  private func stream() -> ServerReply {
    let (pieces, continuation) = AsyncStream.makeStream(of: [UInt8].self)
    let work = Task {
      do { try await send { continuation.yield(Self.event($0.body)) } } catch {
        let refusal = error as? Refusal ?? Refusal(500, "\(error)")
        continuation.yield(
          Self.event(OpenAIEndpoints.body(refusal.status, refusal.detail).body))
      }
      continuation.yield(Self.event(Array("[DONE]".utf8)))
      continuation.finish()
    }
    continuation.onTermination = { _ in work.cancel() }
    return ServerReply(
      headers: [
        ("content-type", "text/event-stream; charset=utf-8"), ("cache-control", "no-cache"),
      ], content: .pieces(pieces))
  }

  private static func event(_ body: [UInt8]) -> [UInt8] {
    Array("data: ".utf8) + body + Array("\n\n".utf8)
  }

  private func send(_ yield: @escaping @Sendable (JSONValue) -> Void) async throws {
    var prompted = 0
    var drawn = 0
    for (number, sample) in samples.enumerated() {
      let first = number * request.choices
      let growing = Growing(Array(answers[first..<first + request.choices]))
      let response = try await core.complete(sampler, sample) { index, tokens in
        for piece in growing.feed(index, tokens) { yield(event(piece, first + index, nil)) }
      }
      prompted += sample.prompt.length
      for (index, sequence) in response.sequences.enumerated() {
        drawn += sequence.tokens.count
        let (rest, reason) = growing.finish(index, sequence)
        for piece in rest { yield(event(piece, first + index, nil)) }
        let last: JSONValue =
          form == .text
          ? .members(["text": ""]) : .members(["delta": .object(JSONObject())])
        yield(event(last, first + index, reason))
      }
    }
    guard request.streamsUsage else { return }
    yield(
      .members([
        "id": .text(id), "object": .text(form.pieceObject), "created": .int(created),
        "model": .text(request.model), "choices": .array([]), "usage": usage(prompted, drawn),
      ]))
  }

  private func event(_ piece: JSONValue, _ index: Int, _ reason: String?) -> JSONValue {
    var choice = piece.object ?? [:]
    choice["index"] = .int(index)
    choice["finish_reason"] = .text(reason) ?? .null
    return .members([
      "id": .text(id), "object": .text(form.pieceObject), "created": .int(created),
      "model": .text(request.model), "choices": .array([.object(choice)]),
    ])
  }

  /// The choices of a prompt while they grow; tokens come from the engine.
  private final class Growing: Sendable {
    private let answers: Mutex<[any Answer]>
    init(_ answers: [any Answer]) { self.answers = Mutex(answers) }

    func feed(_ index: Int, _ tokens: [UInt32]) -> [JSONValue] {
      answers.withLock { answers in
        guard index < answers.count else { return [] }
        return tokens.flatMap { answers[index].feed($0) }
      }
    }

    func finish(_ index: Int, _ sequence: SampledSequence) -> (pieces: [JSONValue], reason: String)
    {
      answers.withLock { answers in
        guard index < answers.count else { return ([], sequence.stopReason.rawValue) }
        return answers[index].finish(sequence)
      }
    }
  }
}
