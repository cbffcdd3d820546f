import TestSupport
import Testing
import TinkerClient
import TinkerJSON
import TinkerLocal
import TinkerServer

@Suite struct AccessTests {
  @Test func aKeyIsAskedFor() async throws {
    let server = try await TestServer { $0.apiKey = "tml-secret" }
    func status(_ headers: [HTTPRequest.Header], _ path: String = "/status.json") async throws
      -> Int
    {
      try await server.send("GET", path, headers: headers).status
    }
    #expect(try await status([]) == 401)
    #expect(try await status([.init("X-API-Key", "tml-secreT")]) == 401)
    #expect(try await status([.init("X-API-Key", "tml-secret")]) == 200)
    #expect(try await status([.init("Authorization", "Bearer tml-secret")]) == 200)
    #expect(try await status([], "/api/v1/checkpoints") == 401)
    #expect(try await status([], "/oai/api/v1/models") == 401)
    #expect(try await status([], "/api/v1/healthz") == 200)
    #expect(try await status([], "/") == 200)
    await server.stop()
  }

  @Test func pagesOfOthersAreRefused() async throws {
    let server = try await TestServer()
    func status(_ headers: [HTTPRequest.Header]) async throws -> Int {
      try await server.send("GET", "/status.json", headers: headers).status
    }
    #expect(try await status([]) == 200)
    #expect(try await status([.init("Origin", server.url)]) == 200)
    #expect(try await status([.init("Origin", "https://example.com")]) == 403)
    #expect(try await status([.init("Host", "example.com")]) == 403)
    await server.stop()
  }

  @Test(arguments: [
    ("0.0.0.0", nil, "API key is needed"), ("127.0.0.1", "secret", "begins with tml-"),
  ])
  func settingsAreChecked(host: String, key: String?, sentence: String) async throws {
    let failure = await #expect(throws: ServerError.self) {
      _ = try await TestServer {
        $0.host = host
        $0.apiKey = key
      }
    }
    #expect(failure?.description.contains(sentence) == true)
  }

  @Test func endpointsThatAreNotThere() async throws {
    let server = try await TestServer()
    #expect(try await server.send("GET", "/api/v1/nothing").status == 404)
    #expect(try await server.send("PUT", "/api/v1/asample", body: []).status == 405)
    let loss = try await server.post("create_custom_loss", ["name": "x"])
    #expect(loss.status == 400 && loss.detail.contains("forward_backward_custom"))
    #expect(try await server.send("GET", "/api/v1/sessions/none").status == 404)
    #expect(try await server.post("session_heartbeat", ["session_id": "none"]).status == 410)
    #expect(try await server.post("retrieve_future", ["request_id": "none"]).status == 404)
    // A request of an earlier run of the server is lost, not unknown.
    #expect(try await server.post("retrieve_future", ["request_id": "req-abc-1"]).status == 410)
    await server.stop()
  }

  @Test func largeBodiesAreRefused() async throws {
    let server = try await TestServer { $0.maximumBodyBytes = 1000 }
    let body = [UInt8](repeating: 32, count: 2000)
    #expect(try await server.send("POST", "/api/v1/asample", body: body).status == 413)
    await server.stop()
  }

  @Test(arguments: [
    "a", "a=seed:x", "a=seed:1,colour=3", "a=seed:1,vocab=-1", "a=seed:1,init=odd", "=seed:1",
    "a=dir,vocab=3",
  ])
  func modelArgumentsAreChecked(text: String) {
    #expect(throws: ServerError.self) { try ModelArgument(text) }
  }

  @Test func modelArguments() throws {
    let seeded = try ModelArgument("a/b=seed:7,vocab=100,width=32,heads=2,eos=3,renderer=qwen3")
    #expect(seeded.model.name == "a/b" && seeded.renderer == "qwen3")
    let configuration = try seeded.model.configuration()
    #expect(configuration.vocabularySize == 100 && configuration.endTokens == [3])
    #expect(configuration.headWidth == 16)
    let folder = try ModelArgument("m=some/folder,renderer=qwen3")
    #expect(folder.model.source == .folder("some/folder"))
  }
}
