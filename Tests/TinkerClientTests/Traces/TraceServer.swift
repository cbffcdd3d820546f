import ClientTestSupport
import Synchronization
import TinkerClient
import TinkerData
import TinkerJSON
import TinkerWire

/// Answers with the recorded responses, each request by its identity in recorded order, and keeps what
/// it was sent.
final class TraceServer: Sendable {
  private struct State {
    var left: [String: [JSONValue]] = [:]
    var last: [String: JSONValue] = [:]
    var seen: [Exchange] = []
    var accepted: [String] = []
    var tokens = 0
  }

  private let state = Mutex(State())
  private let delays: [(match: String, where: JSONValue?, delay: Double)]
  private let hosted = Mutex<LoopbackServer?>(nil)

  init(_ trace: Trace) throws {
    delays = (trace.server["rules"]?.array ?? []).compactMap { rule in
      guard let delay = rule["delay"]?.double, let match = rule["match"]?.text else { return nil }
      return (match, rule["where"], delay)
    }
    state.withLock { state in
      for exchange in trace.exchanges {
        state.left[exchange.identity, default: []].append(exchange.response)
      }
    }
    let server = try LoopbackServer { [self] in answer($0) }
    hosted.withLock { $0 = server }
  }

  var url: String { hosted.withLock { $0?.url ?? "" } }
  var seen: [Exchange] { state.withLock { $0.seen } }

  func stop() {
    hosted.withLock { server in
      server?.stop()
      server = nil
    }
  }

  private func answer(_ request: ServerRequest) -> ServerReply {
    var exchange = Exchange(method: request.method, path: Route.unescape(request.path) ?? "")
    exchange.query = request.query
    exchange.headers = request.headers
    if exchange.headers["x-api-key"]?.hasPrefix("eyJ") == true {
      let part = exchange.headers["x-api-key"]?.split(separator: ".").dropFirst().first ?? ""
      let claims = Base64.decode(String(part)).flatMap { try? JSONValue.parse($0) }
      exchange.headers["x-api-key"] = "<jwt-\(claims?["n"]?.int ?? 0)>"
    }
    if !request.body.isEmpty {
      if request.headers["content-type"] == ContentType.protobuf {
        let isCompressed = request.headers["content-encoding"] == "zstd"
        let body = isCompressed ? Zstd.decompress(request.body) ?? [] : request.body
        exchange.body =
          (try? ForwardBackwardRequest(serialized: body)).map { .pass($0) } ?? .unreadable
      } else {
        exchange.body = (try? JSONValue.parse(request.body)).map { .json($0) } ?? .unreadable
      }
    }
    let response = state.withLock { state -> JSONValue? in
      state.seen.append(exchange)
      let name = exchange.identity
      if exchange.path.hasSuffix("/retrieve_futures") {
        let all = state.accepted
        let cursor = exchange.member("prev_cursor")?.int ?? 0
        let done: [JSONValue] = all.dropFirst(cursor).map {
          ["state": "finished", "request_id": .text($0), "response_payload_uncompressed_size": 64]
        }
        return [
          "status": 200,
          "json": ["completions": .array(Array(done)), "cursor": .int(all.count)],
        ]
      }
      if exchange.path.hasSuffix("/auth/token") {
        state.tokens += 1
        return ["status": 200, "json": ["jwt": .text(Self.token(state.tokens))]]
      }
      if let first = state.left[name]?.first {
        state.left[name]?.removeFirst()
        state.last[name] = first
      }
      if let last = state.last[name] {
        if exchange.path.hasSuffix("/asample"), let id = last["json"]?["request_id"]?.text {
          state.accepted.append(id)
        }
        return last
      }
      return exchange.path.hasSuffix("/session_heartbeat") ? ["status": 200, "json": [:]] : nil
    }
    guard let response else {
      return .json(#"{"detail":"not in the trace"}"#, status: 404)
    }
    let reply = Self.reply(response)
    let isPoll = response["json"]?["type"]?.text == "try_again"
    for rule in delays where isPoll && rule.match == "\(exchange.method) \(exchange.path)" {
      if let id = rule.where?["request_id"], exchange.member("request_id") != id { continue }
      return .after(.seconds(rule.delay)) { reply }
    }
    return reply
  }

  private static func reply(_ response: JSONValue) -> ServerReply {
    if response["dropped"]?.bool == true { return .drop }
    var headers: [String: String] = [:]
    for (key, value) in response["headers"]?.object ?? [:] {
      headers[key.text?.lowercased() ?? ""] = value.text
    }
    let body: [UInt8]
    if let base64 = response["base64"]?.text {
      body = Base64.decode(base64) ?? []
      headers["content-type"] = ContentType.protobuf
    } else if let json = response["json"] {
      body = Array(json.serialized(.compact).utf8)
      headers["content-type"] = headers["content-type"] ?? ContentType.json
    } else {
      body = Array((response["text"]?.text ?? "").utf8)
    }
    return .respond(status: response["status"]?.int ?? 200, headers: headers, body: body)
  }

  /// An unsigned token with the claims that a client reads.
  static func token(_ index: Int, lifetime: Int = 3600) -> String {
    func part(_ json: String) -> String {
      String(
        Base64.encode(Array(json.utf8)).filter { $0 != "=" }
          .map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
    }
    let now = WallClock.now
    let claims =
      #"{"sub":"tml:organization_user:fake","org_id":"org-fake","email":"user@example.com","#
      + #""iat":\#(now),"exp":\#(now + lifetime),"n":\#(index),"iss":"passport-fake"}"#
    return part(#"{"alg":"none"}"#) + "." + part(claims) + ".x"
  }
}
