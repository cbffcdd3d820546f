import ClientTestSupport
import Testing
import TinkerClient
import TinkerJSON

@Suite struct OpenAIClientTests {
  private func client(_ server: LoopbackServer) -> OpenAIClient {
    var options = ServiceOptions(baseURL: server.url + "/prefix", apiKey: "tml-test")
    options.environment = Environment([:])
    options.time = .faster(100)
    return OpenAIClient(options)
  }

  @Test func answersAndStreams() async throws {
    let server = try LoopbackServer { request in
      guard request.path.hasPrefix("/prefix/oai/") else { return .json("{}") }
      let isRight =
        request.headers["authorization"] == "Bearer tml-test" && request.headers["x-api-key"] == nil
      guard isRight else { return .json(#"{"detail":"no key"}"#, status: 401) }
      let body = try? JSONValue.parse(request.body)
      guard body?["stream"]?.bool == true else { return .json(#"{"path":"\#(request.path)"}"#) }
      let events = [
        "data: {\"n\"", ":1}\r\n\r\n: comment\n\ndata: {\"n\":2}\n\n", "data: [DONE]\n\n",
      ]
      return .chunks(
        status: 200, headers: ["content-type": "text/event-stream"], events.map { Array($0.utf8) })
    }
    defer { server.stop() }
    let client = client(server)
    let chat = try await client.chatCompletion(["model": "m"])
    #expect(chat["path"] == "/prefix/oai/api/v1/chat/completions")
    #expect(try await client.completion(["model": "m"])["path"] == "/prefix/oai/api/v1/completions")
    var numbers: [Int?] = []
    for try await event in client.streamChatCompletion(["model": "m"]) {
      numbers.append(event["n"]?.int)
    }
    #expect(numbers == [1, 2])
  }

  @Test func refusalsAreErrors() async throws {
    let server = try LoopbackServer { request in
      request.path.contains("/oai/")
        ? .json(#"{"detail":"no such model"}"#, status: 404) : .json("{}")
    }
    defer { server.stop() }
    let client = client(server)
    await #expect(throws: ClientError.self) { try await client.completion(["model": "m"]) }
    let error = await #expect(throws: ClientError.self) {
      for try await _ in client.streamCompletion(["model": "m"]) {}
    }
    #expect(error?.description.contains("no such model") == true)
  }
}
