import ClientTestSupport
import TinkerClient
import Testing

@Suite struct CurlTransportTests {
  @Test func bodiesAndHeadersTravel() async throws {
    let server = try LoopbackServer { request in
      .respond(
        status: 201, headers: ["X-Echo": request.headers["x-in"] ?? "", "Two": " a b "],
        body: request.body.reversed())
    }
    defer { server.stop() }
    let transport = try CurlTransport()
    let body = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
    let request = HTTPRequest(
      method: "POST", url: server.url + "/a?b=c",
      headers: [.init("X-In", "v"), .init("Empty", "")],
      body: body)
    let response = try await transport.send(request, receive: nil)
    #expect(response.status == 201)
    #expect(response.head.headers["x-echo"] == "v")
    #expect(response.head.headers["two"] == "a b")
    #expect(response.body == body.reversed())
    #expect(request.description == "POST \(server.url)/a")
  }

  @Test func connectionsAreKept() async throws {
    let server = try LoopbackServer { .json("\($0.connection)") }
    defer { server.stop() }
    let transport = try CurlTransport()
    for _ in 0..<3 {
      let response = try await transport.send(
        HTTPRequest(method: "GET", url: server.url), receive: nil)
      #expect(response.body == Array("1".utf8))
    }
    var fresh = HTTPRequest(method: "GET", url: server.url)
    fresh.needsFreshConnection = true
    #expect(try await transport.send(fresh, receive: nil).body == Array("2".utf8))
  }

  @Test func failuresAreTold() async throws {
    let server = try LoopbackServer { request in
      switch request.path {
      case "/truncated": .truncated(status: 200, headers: [:], body: [1])
      case "/reset": .reset
      case "/slow": .after(.seconds(60)) { .drop }
      case "/large": .respond(status: 200, body: [UInt8](repeating: 0, count: 1000))
      default: .drop
      }
    }
    defer { server.stop() }
    let transport = try CurlTransport()
    func kind(_ path: String, _ change: (inout HTTPRequest) -> Void = { _ in }) async
      -> TransportError.Kind?
    {
      var request = HTTPRequest(method: "POST", url: server.url + path, body: [])
      change(&request)
      do {
        _ = try await transport.send(request, receive: nil)
        return nil
      } catch { return (error as? TransportError)?.kind }
    }
    #expect(await kind("/truncated") == .connection)
    #expect(await kind("/reset") == .connection)
    #expect(await kind("/drop") == .connection)
    #expect(await kind("/slow") { $0.timeout = .milliseconds(50) } == .timeout)
    #expect(await kind("/large") { $0.maximumBodyBytes = 999 } == .tooLarge)
    #expect(await kind("/drop") { $0.isPublicOnly = true } == .privateAddress)
    #expect(await kind("/drop") { $0.url = "ftp://127.0.0.1" } == .badURL)
    #expect(await kind("/drop") { $0.url = "http://127.0.0.1:1" } == .connection)
    #expect(await kind("/drop") { $0.headers = [.init("A", "b\r\nC: d")] } == .badURL)
  }

  @Test func cancellationEndsTheTransfer() async throws {
    let server = try LoopbackServer { _ in .after(.seconds(60)) { .drop } }
    defer { server.stop() }
    let transport = try CurlTransport()
    let task = Task {
      try await transport.send(HTTPRequest(method: "GET", url: server.url), receive: nil)
    }
    try await Task.sleep(for: .milliseconds(30))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func piecesArriveAndMayEndIt() async throws {
    struct Enough: Error {}
    let server = try LoopbackServer { _ in
      .chunks(status: 200, headers: ["content-type": "text/plain"], [[1, 2], [3]])
    }
    defer { server.stop() }
    let transport = try CurlTransport()
    let received = Received()
    let response = try await transport.send(HTTPRequest(method: "GET", url: server.url)) {
      received.append($1)
      if $0.status != 200 { throw Enough() }
    }
    #expect(response.body.isEmpty)
    #expect(received.bytes == [1, 2, 3])
    await #expect(throws: Enough.self) {
      try await transport.send(HTTPRequest(method: "GET", url: server.url)) { _, _ in throw Enough()
      }
    }
  }

  @Test func manyPollsAreHeldAtOnce() async throws {
    let polls = Count()
    let server = try LoopbackServer { request in
      guard request.path == "/poll" else { return .json("{}") }
      polls.add()
      return .after(.seconds(60)) { .json("{}") }
    }
    defer { server.stop() }
    let transport = try CurlTransport()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<500 {
        group.addTask {
          var poll = HTTPRequest(method: "POST", url: server.url + "/poll", body: [])
          poll.connectTimeout = .seconds(60)
          poll.silenceTimeout = nil
          _ = try await transport.send(poll, receive: nil)
        }
      }
      while polls.value < 500 { try await Task.sleep(for: .milliseconds(5)) }
      // Every poll is held, and a submission passes all the same.
      let submission = HTTPRequest(method: "GET", url: server.url)
      #expect(try await transport.send(submission, receive: nil).status == 200)
      group.cancelAll()
    }
  }
}
