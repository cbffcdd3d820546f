/// OpenAI's completions and chats over base models and checkpoints.
struct OpenAIEndpoints: Sendable {
  static let prefix = "/oai/api/v1/"
  let core: ServerCore
  func reply(to request: ServerRequest) async throws -> ServerReply {
    throw Refusal(501, "completions are not served yet")
  }
}
