import ClientTestSupport
import Synchronization
import Testing
import TinkerClient
import TinkerData

@Suite struct DownloadTests {
  /// A service with one training checkpoint, whose files lie on another host behind signed addresses.
  private final class Host: Sendable {
    let seen = Mutex<[String]>([])
    let signed = Mutex<[ServerRequest]>([])
    let files: Mutex<[String: [UInt8]]>
    private let breaks = Mutex(true)
    private let servers = Mutex<[LoopbackServer]>([])

    init(_ files: [String: [UInt8]]) throws {
      self.files = Mutex(files)
      let store = try LoopbackServer { [self] request in
        signed.withLock { $0.append(request) }
        let whole = self.files.withLock { $0[String(request.path.dropFirst())] } ?? []
        let start = request.headers["range"].flatMap { Int($0.dropFirst(6).dropLast()) } ?? 0
        let rest = Array(whole.dropFirst(start))
        // The first answer breaks off.
        let isFirst = breaks.withLock { first in
          defer { first = false }
          return first
        }
        if isFirst { return .truncated(status: 200, headers: [:], body: Array(rest.prefix(300))) }
        return .respond(status: start > 0 ? 206 : 200, body: rest)
      }
      let service = try LoopbackServer { [self] request in
        if !request.path.hasSuffix("heartbeat") {
          seen.withLock { $0.append("\(request.method) \(request.path)") }
        }
        return answer(request, store: store.url)
      }
      servers.withLock { $0 = [service, store] }
    }

    private func answer(_ request: ServerRequest, store: String) -> ServerReply {
      let path = request.path.dropFirst("/api/v1/".count)
      switch path {
      case "create_session": return .json(#"{"session_id":"s"}"#)
      case "load_weights": return .json(#"{"request_id":"load"}"#)
      case "save_weights_external": return .json(#"{"request_id":"external"}"#)
      case "get_info":
        return .json(#"{"model_id":"s:train:0","model_data":{"model_name":"m"}}"#)
      case "retrieve_future":
        let isLoad = String(decoding: request.body, as: UTF8.self).contains("load")
        return .json(
          isLoad ? #"{"path":"x"}"# : #"{"path":"tinker://s:train:0/external_weights/copy"}"#)
      default:
        guard path.hasSuffix("external_weights_urls") else { return .json("{}") }
        let urls = files.withLock { files in
          files.keys.map { "\"\($0)\":\"\(store)/\($0)?signature=abc\"" }.joined(separator: ",")
        }
        return .json(#"{"urls":{\#(urls)},"expires":"2999-01-01T00:00:00Z"}"#)
      }
    }

    var url: String { servers.withLock { $0[0].url } }
    func stop() { for server in servers.withLock({ $0 }) { server.stop() } }

    var client: ServiceClient {
      var options = ServiceOptions(baseURL: url, apiKey: "tml-very-secret")
      options.environment = Environment([:])
      options.time = .faster(100)
      return ServiceClient(options)
    }
  }

  private static let copy =
    "DELETE /api/v1/training_runs/s:train:0/checkpoints/external_weights/copy"

  @Test func aTrainingCheckpointComesByWayOfACopy() async throws {
    let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0 / 3) }
    let host = try Host(["a/model.safetensors": bytes, "config.json": [0x7B, 0x7D]])
    defer { host.stop() }
    let folder = TemporaryFolder()
    let names = try await host.client.downloadCheckpoint(
      path: "tinker://r/weights/end", to: folder.path + "/out")
    #expect(names == ["a/model.safetensors", "config.json"])
    #expect(try Trace.bytes(folder.path + "/out/a/model.safetensors") == bytes)
    #expect(try Trace.bytes(folder.path + "/out/config.json") == [0x7B, 0x7D])
    let signed = host.signed.withLock { $0 }
    #expect(signed.compactMap { $0.headers["range"] } == ["bytes=300-"], "it went on")
    for request in signed {
      #expect(request.headers["x-api-key"] == nil && request.headers["authorization"] == nil)
      #expect(!request.headers.values.contains { $0.contains("very-secret") })
    }
    #expect(host.seen.withLock { $0.contains(Self.copy) })
  }

  @Test func namesThatLeadOutAreRefusedAndTheCopyIsRemoved() async throws {
    let host = try Host(["config.json": [1], "../evil": [2]])
    defer { host.stop() }
    let folder = TemporaryFolder()
    let error = await #expect(throws: ClientError.self) {
      try await host.client.downloadCheckpoint(
        path: "tinker://r/weights/end", to: folder.path + "/out")
    }
    #expect(error?.description.contains("would lead out") == true, "\(error as Any)")
    #expect(host.signed.withLock { $0.isEmpty })
    #expect(throws: (any Error).self) { try Trace.bytes(folder.path + "/evil") }
    #expect(host.seen.withLock { $0.contains(Self.copy) })
  }

  @Test func aSamplerCheckpointCannotBeHad() async throws {
    let host = try Host([:])
    defer { host.stop() }
    let error = await #expect(throws: ClientError.self) {
      try await host.client.downloadCheckpoint(path: "tinker://r/sampler_weights/x", to: "out")
    }
    #expect(error?.description.contains("not sampler checkpoints") == true)
    #expect(host.seen.withLock { $0.isEmpty }, "told without a request")
  }
}
