import TinkerJSON
import TinkerWire

/// What differs between recorded and seen requests, by the rules of the traces' README.
enum TraceComparison {
  private static let leftOut = ["session_heartbeat", "telemetry", "retrieve_futures"]
  private static let comparedHeaders = [
    "content-type", "content-encoding", "x-api-key", "x-tinker-request-iteration",
    "x-tinker-request-type", "x-tinker-sampling-backpressure", "x-tinker-weights-access-token",
    "cf-access-client-id", "x-extra",
  ]

  static func differences(_ recorded: [Exchange], _ seen: [Exchange]) -> [String] {
    let want = recorded.filter { exchange in !leftOut.contains { exchange.path.hasSuffix($0) } }
    let have = seen.filter { exchange in !leftOut.contains { exchange.path.hasSuffix($0) } }
    var waiting: [String: [Exchange]] = [:]
    for exchange in have { waiting[exchange.identity, default: []].append(exchange) }
    var out: [String] = []
    var keys: [String: String] = [:]
    for exchange in want {
      let name = exchange.identity
      guard let other = waiting[name]?.first else {
        // A poll that was not answered before the scenario ended, or was to be made again.
        let isPoll =
          exchange.response == [:] || exchange.response["json"]?["type"]?.text == "try_again"
        if !isPoll { out.append("never sent: \(name)") }
        continue
      }
      waiting[name]?.removeFirst()
      out += bodies(exchange.body, other.body).map { "\(name) body\($0)" }
      for header in comparedHeaders {
        let (a, b) = (exchange.headers[header], other.headers[header])
        if a != b, !(header == "content-type" && exchange.body == .none) {
          out.append("\(name) header \(header): \(a ?? "none") expected, \(b ?? "none") found")
        }
      }
      switch (exchange.headers["x-idempotency-key"], other.headers["x-idempotency-key"]) {
      case (nil, nil): break
      case (let a?, let b?):
        if keys[a, default: b] != b || keys.contains(where: { $0.value == b && $0.key != a }) {
          out.append("\(name): equal and different idempotency keys do not follow the trace")
        }
        keys[a] = b
      case (nil, _?), (_?, nil): out.append("\(name): an idempotency key on one side")
      }
      if exchange.headers["accept"]?.contains("protobuf") == true,
        other.headers["accept"]?.contains("protobuf") != true
      {
        out.append("\(name) must accept protobuf")
      }
    }
    for (name, rest) in waiting {
      let isPoll = name.hasPrefix("POST /api/v1/retrieve_future ")
      let isKnown = want.contains { $0.identity == name }
      if !(isPoll && isKnown) { out += rest.map { _ in "not in the trace: \(name)" } }
    }
    return out + order(want, have)
  }

  /// Submissions of one model must come in the recorded order; only chunks after the first of a pass may
  /// overtake each other.
  private static func order(_ want: [Exchange], _ have: [Exchange]) -> [String] {
    var order: [String] = []
    for name in want.compactMap(\.submission) where !order.contains(name) { order.append(name) }
    let places = have.compactMap(\.submission)
    var out: [String] = []
    for (index, (first, second)) in zip(order, order.dropFirst()).enumerated() {
      guard let a = places.firstIndex(of: first), let b = places.firstIndex(of: second), a > b
      else { continue }
      let isFree =
        [first, second].allSatisfy { $0.contains("forward_backward") } && index > 0
        && order[index - 1].contains("forward_backward")
      if !isFree { out.append("sent before its turn: \(second), expected after \(first)") }
    }
    return out
  }

  private static func bodies(_ want: Exchange.Body, _ have: Exchange.Body) -> [String] {
    switch (want, have) {
    // The traces leave out a body that is an empty object.
    case (.none, .none), (.none, .json([:])): []
    case (.json(let want), .json(let have)): differences(want, have, "")
    case (.pass(let want), .pass(let have)):
      want == have ? [] : [": \(want) expected, \(have) found"]
    default: [" of another kind"]
    }
  }

  /// What differs between two values; numbers have a tolerance.
  static func differences(_ want: JSONValue, _ have: JSONValue, _ path: String) -> [String] {
    switch (want, have) {
    case (.object(let a), .object(let b)):
      var out: [String] = []
      for (key, value) in a where key != "sdk_version" {
        if let other = b[key] {
          out += differences(value, other, "\(path).\(key.text ?? "")")
        } else {
          out.append("\(path).\(key.text ?? "") is missing")
        }
      }
      for (key, _) in b where a[key] == nil { out.append("\(path).\(key.text ?? "") is extra") }
      return out
    case (.array(let a), .array(let b)):
      guard a.count == b.count else {
        return ["\(path): \(a.count) elements expected, \(b.count) found"]
      }
      return zip(a, b).enumerated().flatMap { differences($1.0, $1.1, "\(path)[\($0)]") }
    case (.number(let a), .number(let b)):
      return abs(a.double - b.double) <= 1e-6 * max(1, abs(a.double))
        ? [] : ["\(path): \(a.double) expected, \(b.double) found"]
    default:
      return want == have
        ? []
        : ["\(path): \(want.serialized(.compact)) expected, \(have.serialized(.compact)) found"]
    }
  }
}
