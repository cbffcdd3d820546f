import TinkerData
import TinkerFiles
import TinkerJSON
import TinkerLocal
import TinkerRendering
import TinkerTokenizer
import TinkerWire

/// OpenAI's completions and chats over base models and checkpoints.
struct OpenAIEndpoints: Sendable {
  static let prefix = "/oai/api/v1/"

  let core: ServerCore

  func reply(to request: ServerRequest) async throws -> ServerReply {
    do {
      switch (request.method, String(request.path.dropFirst(Self.prefix.count))) {
      case ("POST", "completions"):
        return try await complete(
          try OpenAIRequest(json: try JSONValue.parse(request.body)))
      case ("POST", "chat/completions"):
        return try await chat(try OpenAIRequest(json: try JSONValue.parse(request.body)))
      case ("GET", "models"): return models()
      default:
        throw Refusal(404, "there is no endpoint \(request.method) \(request.path.prefix(300))")
      }
    } catch let refusal as Refusal {
      return Self.reply(refusal.status, refusal.detail)
    } catch let error as DataError {
      return Self.reply(400, error.description)
    } catch let error as RenderingError {
      return Self.reply(400, error.description)
    } catch let error as JSONError {
      return Self.reply(400, "the body is not JSON: \(error)")
    }
  }

  /// An error in OpenAI's form, with the protocol's member beside it.
  private static func reply(_ status: Int, _ message: String) -> ServerReply {
    .json(body(status, message), status: status)
  }

  static func body(_ status: Int, _ message: String) -> JSONValue {
    let kind = status < 500 ? "invalid_request_error" : "server_error"
    return .members([
      "error": .members(["message": .text(message), "type": .text(kind)]),
      "detail": .text(message),
    ])
  }

  private func models() -> ServerReply {
    let rows = core.options.local.models.map { model in
      JSONValue.members([
        "id": .text(model.name), "object": "model", "created": .int(core.startedAt),
        "owned_by": "local",
      ])
    }
    return .json(.members(["object": "list", "data": .array(rows)]))
  }

  /// A model by what a request calls it, with its tokenizer.
  private func model(
    _ name: String
  ) async throws -> (sampler: String, baseModel: String, tokenizer: Tokenizer) {
    let (sampler, baseModel) = try await core.completingSampler(name)
    guard let tokenizer = try await core.service.tokenizer(ofModel: baseModel) else {
      throw Refusal(
        400,
        "\(baseModel) has no tokenizer, so it can neither be given texts nor say any; start the"
          + " server with --tokenizer")
    }
    return (sampler, baseModel, tokenizer)
  }

  // MARK: Texts

  private func complete(_ request: OpenAIRequest) async throws -> ServerReply {
    let (sampler, baseModel, tokenizer) = try await model(request.model)
    let prompts = try Self.prompts(try request.member("prompt"), tokenizer)
    let ends = await core.endTokens(baseModel)
    let samples = try prompts.map { tokens in
      try request.sample(ModelInput(tokens: tokens), stops: request.stops)
    }
    let answers = prompts.map { _ in
      (0..<request.choices).map { _ in
        TextAnswer(AnswerText(tokenizer, stops: request.stops, ends: ends), tokenizer)
      }
    }
    return try await Completing(
      core: core, request: request, sampler: sampler, samples: samples,
      form: .text, answers: answers.joined().map { $0 }
    ).reply()
  }

  private static func prompts(
    _ value: JSONValue?, _ tokenizer: Tokenizer
  ) throws -> [[UInt32]] {
    func tokens(_ values: [JSONValue]) -> [UInt32]? {
      let ids = values.compactMap { $0.int.flatMap { UInt32(exactly: $0) } }
      return ids.count == values.count ? ids : nil
    }
    if let text = value?.text { return [tokenizer.encode(text)] }
    guard let values = value?.array, !values.isEmpty, values.count <= 1 << 20 else {
      throw Refusal(400, "prompt is a text, an array of texts, or token ids")
    }
    if let ids = tokens(values) { return [ids] }
    return try values.map { value in
      if let text = value.text { return tokenizer.encode(text) }
      guard let ids = value.array.flatMap(tokens) else {
        throw Refusal(400, "prompt is a text, an array of texts, or token ids")
      }
      return ids
    }
  }

  // MARK: Chats

  private func chat(_ request: OpenAIRequest) async throws -> ServerReply {
    let (sampler, baseModel, tokenizer) = try await model(request.model)
    let renderer = try core.renderer(baseModel, tokenizer)
    guard let list = try request.member("messages")?.array, !list.isEmpty else {
      throw Refusal(400, "messages is an array of at least one message")
    }
    let tools = try request.member("tools")?.array?.map { tool in
      try ToolSpec(json: tool["function"] ?? tool)
    }
    let messages = try renderer.messages(
      of: Conversation(
        messages: try OpenAIConversation.messages(from: list),
        tools: tools?.isEmpty == false ? tools : nil))
    let prompt = try renderer.generationPrompt(for: messages)
    var stops = request.stops
    var ends: [UInt32] = []
    switch renderer.stopSequences {
    case .strings(let texts): stops += texts
    case .tokens(let tokens):
      ends = tokens
      stops += tokens.compactMap { tokenizer.token(for: $0) }
    }
    let sample = try request.sample(prompt.modelInput, stops: stops)
    let answers: [any Answer] = (0..<request.choices).map { _ in
      ChatAnswer(
        renderer, AnswerText(tokenizer, stops: request.stops, ends: ends), tokenizer,
        stops: request.stops)
    }
    return try await Completing(
      core: core, request: request, sampler: sampler, samples: [sample], form: .chat,
      answers: answers
    ).reply()
  }
}
