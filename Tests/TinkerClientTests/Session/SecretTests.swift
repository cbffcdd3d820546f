import ClientTestSupport
import Synchronization
import Testing
import TinkerClient
import TinkerData

@Suite struct SecretTests {
  private static let key = "tml-very-secret"

  /// Everything that a user may see: logs, errors, descriptions.
  @Test func theKeyIsNowhere() async throws {
    let seen = Mutex<[String]>([])
    let server = try LoopbackServer { request in
      switch request.path {
      case "/api/v1/create_session": .json(#"{"detail":"no"}"#, status: 401)
      case "/api/v1/get_server_capabilities": .json("[]")
      default: .json(#"{"info_message":"hello"}"#)
      }
    }
    defer { server.stop() }
    var options = ServiceOptions(baseURL: server.url, apiKey: Self.key)
    options.environment = Environment([:])
    options.time = .faster(100)
    options.log = { _, message in seen.withLock { $0.append(message) } }
    let service = ServiceClient(options)
    for work in [
      { _ = try await service.sessionID() }, { _ = try await service.supportedModels() },
      { _ = try await service.createRestClient().whoami() },
    ] as [@Sendable () async throws -> Void] {
      do { try await work() } catch {
        seen.withLock { $0 += ["\(error)", String(reflecting: error)] }
        var text = ""
        dump(error, to: &text)
        seen.withLock { $0.append(text) }
      }
    }
    let credential = try Credential(Self.key)
    var text = ""
    dump(credential, to: &text)
    seen.withLock { $0 += ["\(credential)", String(reflecting: credential), text] }
    let request = HTTPRequest(
      method: "GET", url: server.url + "?a=\(Self.key)", headers: [.init("X-API-Key", Self.key)])
    seen.withLock { $0.append("\(request)") }
    let all = seen.withLock { $0 }
    #expect(all.count > 8)
    for line in all { #expect(!line.contains("very-secret"), "\(line)") }
  }

  @Test func redirectsToOthersCarryNoKey() async throws {
    let headers = Mutex<[[String: String]]>([])
    let other = try LoopbackServer { request in
      headers.withLock { $0.append(request.headers) }
      return .json(#"{"supported_models":[]}"#)
    }
    defer { other.stop() }
    // Another port is another origin.
    let server = try LoopbackServer { request in
      switch request.path {
      case "/api/v1/get_server_capabilities":
        .respond(status: 302, headers: ["location": other.url + "/elsewhere"])
      case "/api/v1/healthz": .respond(status: 307, headers: ["location": "/inside"])
      case "/inside":
        .json(#"{"status":"\#(request.headers["x-api-key"] ?? "none")"}"#)
      default: .json("{}")
      }
    }
    defer { server.stop() }
    var options = ServiceOptions(baseURL: server.url, apiKey: Self.key)
    options.environment = Environment(["CLOUDFLARE_ACCESS_CLIENT_SECRET": "cf-secret"])
    options.headers = ["X-Extra": "private"]
    let rest = RestClient(options)
    #expect(try await rest.supportedModels().isEmpty)
    let seen = try #require(headers.withLock { $0.first })
    for value in seen.values {
      for secret in ["very-secret", "cf-secret", "private"] { #expect(!value.contains(secret)) }
    }
    #expect(try await rest.health() == Self.key, "the same origin keeps its headers")
  }
}
