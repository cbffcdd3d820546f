import ClientTestSupport
import Synchronization
import Testing
import TinkerClient

@Suite struct ModelHubTests {
  private static let commit = "0123456789abcdef0123456789abcdef01234567"

  /// A hub with two files, one of them large and on another host; it counts requests and their headers.
  private final class Hub: Sendable {
    let seen = Mutex<[ServerRequest]>([])
    let large = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let breaksOff = Mutex(false)
    private let hosts = Mutex<[LoopbackServer]>([])

    init() throws {
      let store = try LoopbackServer { [self] request in
        seen.withLock { $0.append(request) }
        let range = request.headers["range"].flatMap { Int($0.dropFirst(6).dropLast()) } ?? 0
        let rest = Array(large.dropFirst(range))
        if breaksOff.withLock({ breaks in
          defer { breaks = false }
          return breaks
        }) {
          return .truncated(status: 200, headers: [:], body: Array(rest.prefix(60_000)))
        }
        return .respond(status: range > 0 ? 206 : 200, body: rest)
      }
      // The name makes it another origin, the address is the same.
      let target = "http://localhost:\(store.port)/blob"
      let front = try LoopbackServer { [self] request in
        seen.withLock { $0.append(request) }
        let base = "/org/m/resolve/\(ModelHubTests.commit)/"
        switch request.path {
        case "/api/models/org/m/revision/main":
          return .json(
            #"{"sha":"\#(ModelHubTests.commit)","siblings":[{"rfilename":"tokenizer.json"},"#
              + #"{"rfilename":"config.json"},{"rfilename":"../evil"}]}"#)
        case base + "tokenizer.json":
          return .respond(
            status: 302,
            headers: [
              "location": target, "x-linked-etag": "\"aa11\"",
              "x-linked-size": "\(large.count)",
            ])
        case base + "config.json":
          return .respond(status: 307, headers: ["location": "/inside"])
        case "/inside":
          let body = Array("{}".utf8)
          return request.method == "HEAD"
            ? .head(status: 200, headers: ["etag": "W/\"bb22\""], length: body.count)
            : .respond(status: 200, headers: ["etag": "W/\"bb22\""], body: body)
        default: return .json(#"{"error":"no such model"}"#, status: 404)
        }
      }
      hosts.withLock { $0 = [front, store] }
    }

    var url: String { hosts.withLock { $0[0].url } }
    func stop() { for host in hosts.withLock({ $0 }) { host.stop() } }
  }

  private func hub(_ hub: Hub, _ folder: TemporaryFolder, _ more: [String: String] = [:]) throws
    -> ModelHub
  {
    let variables = ["HF_ENDPOINT": hub.url + "/", "HF_HOME": folder.path, "HF_TOKEN": "hf_secret"]
    return try ModelHub(
      environment: Environment(variables.merging(more) { $1 }), transport: nil,
      time: .faster(100))
  }

  @Test func filesLieWhereTheOfficialPackageLooks() async throws {
    let server = try Hub()
    defer { server.stop() }
    let folder = TemporaryFolder()
    let client = try hub(server, folder)
    #expect(client.cachedSnapshot("org/m") == nil)
    let last = Mutex<ModelHub.Progress?>(nil)
    let snapshot = try await client.download("org/m") { progress in last.withLock { $0 = progress }
    }
    #expect(snapshot.files == ["tokenizer.json", "config.json"])
    #expect(snapshot.commit == Self.commit)
    let base = folder.path + "/hub/models--org--m"
    #expect(try Trace.bytes(base + "/refs/main") == Array(Self.commit.utf8))
    #expect(try Trace.bytes(base + "/blobs/aa11") == server.large)
    #expect(try Trace.bytes(snapshot.path + "/tokenizer.json") == server.large)
    #expect(try Trace.bytes(snapshot.path + "/config.json") == Array("{}".utf8))
    #expect(last.withLock { $0?.file } == "config.json")
    #expect(client.cachedSnapshot("org/m")?.files == ["config.json", "tokenizer.json"])

    // All is there: only the commit is asked for.
    let before = server.seen.withLock { $0.count }
    _ = try await client.download("org/m")
    #expect(server.seen.withLock { $0.count } == before + 1)
  }

  @Test(
    .enabled(
      if: Environment.process["TINKERKIT_PYTHON"] != nil,
      "needs huggingface_hub: pip install huggingface_hub, then TINKERKIT_PYTHON=/path/to/python"))
  func theOfficialPackageReadsTheCache() async throws {
    let server = try Hub()
    defer { server.stop() }
    let folder = TemporaryFolder()
    _ = try await hub(server, folder).download("org/m")
    let script =
      "import sys; from huggingface_hub import try_to_load_from_cache as t; "
      + "p = t('org/m', 'tokenizer.json', cache_dir=sys.argv[1]); "
      + "sys.exit(0 if isinstance(p, str) and len(open(p, 'rb').read()) == 100000 else 3)"
    let python = Environment.process["TINKERKIT_PYTHON"] ?? ""
    #expect(TemporaryFolder.run(python, "-c", script, folder.path + "/hub") == 0)
  }

  @Test func theTokenStaysWithTheHub() async throws {
    let server = try Hub()
    defer { server.stop() }
    let folder = TemporaryFolder()
    _ = try await hub(server, folder).download("org/m")
    for request in server.seen.withLock({ $0 }) {
      let token = request.headers["authorization"]
      #expect(token == (request.path == "/blob" ? nil : "Bearer hf_secret"), "\(request.path)")
    }
  }

  @Test func brokenDownloadsGoOn() async throws {
    let server = try Hub()
    defer { server.stop() }
    server.breaksOff.withLock { $0 = true }
    let folder = TemporaryFolder()
    let snapshot = try await hub(server, folder).download("org/m", files: ["tokenizer.json"])
    #expect(try Trace.bytes(snapshot.path + "/tokenizer.json") == server.large)
    let ranges = server.seen.withLock {
      $0.filter { $0.path == "/blob" }.compactMap { $0.headers["range"] }
    }
    #expect(ranges == ["bytes=60000-"])
  }

  @Test func mistakesAreTold() async throws {
    let server = try Hub()
    defer { server.stop() }
    let folder = TemporaryFolder()
    let client = try hub(server, folder)
    await #expect(throws: ClientError.self) { try await client.download("org/other") }
    await #expect(throws: ClientError.self) { try await client.download("../evil") }
    await #expect(throws: ClientError.self) {
      try await client.download("org/m", files: ["../evil"])
    }
    await #expect(throws: ClientError.self) {
      try await client.download("org/m", files: ["absent"])
    }
    let offline = try hub(server, folder, ["HF_HUB_OFFLINE": "1"])
    let before = server.seen.withLock { $0.count }
    await #expect(throws: ClientError.self) { try await offline.download("org/m") }
    #expect(server.seen.withLock { $0.count } == before)
  }
}
