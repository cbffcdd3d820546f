import TinkerData
import TinkerJSON
import TinkerWire

/// Answers requests: who may, what is meant, and what goes wrong.
struct Responder: Sendable {
  let core: ServerCore
  let access: AccessRules
  let files: SignedFiles
  let chats: OpenAIEndpoints

  func reply(to request: ServerRequest) async -> ServerReply {
    do { return try await answer(request) } catch let refusal as Refusal {
      return refusal.reply
    } catch let error as DataError {
      return Refusal(422, error.description).reply
    } catch let error as WireError {
      return Refusal(422, error.description).reply
    } catch let error as JSONError {
      return Refusal(400, "the body is not JSON: \(error)").reply
    } catch is CancellationError {
      return Refusal(499, "the client has gone").reply
    } catch {
      return Refusal(500, "\(error)").reply
    }
  }

  private func answer(_ request: ServerRequest) async throws -> ServerReply {
    if request.method == "GET" {
      switch request.path {
      case "/":
        try access.checkOrigin(request)
        return StatusPage.reply
      case "/status.json":
        try access.check(request)
        return .json(await core.status())
      case let path where path.hasPrefix(SignedFiles.prefix):
        return try files.reply(to: request)
      default: break
      }
    }
    if request.path.hasPrefix(OpenAIEndpoints.prefix) {
      try access.check(request)
      return try await chats.reply(to: request)
    }
    guard let (route, parameters) = Route.match(request.method, request.path) else {
      try access.check(request)
      let isKnown = Route.all.contains { $0.parameters(of: request.path) != nil }
      throw isKnown
        ? Refusal(405, "\(request.path) does not take \(request.method)")
        : Refusal(404, "there is no endpoint \(request.method) \(request.path.prefix(300))")
    }
    if route == .health { return .json(["status": "ok"]) }
    try access.check(request)
    if let reply = try await answerSession(route, parameters, request) { return reply }
    if let reply = try await answerModel(route, request) { return reply }
    if let reply = try await answerRest(route, parameters, request) { return reply }
    throw Refusal(
      501, "\(request.method) \(request.path.prefix(300)) is not served by a local server")
  }

  /// The body as JSON; an absent one is an empty object.
  func json(_ request: ServerRequest) throws -> JSONValue {
    request.body.isEmpty ? .object(JSONObject()) : try JSONValue.parse(request.body)
  }
}
