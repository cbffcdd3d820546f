import TinkerWire

/// One call of the service, before headers.
struct APICall: Sendable {
  /// The endpoint.
  var route: Route
  /// The path of this call.
  var path: String
  /// The query, in order.
  var query: [(name: String, value: String)] = []
  /// The body; `nil` for none.
  var body: [UInt8]?
  var contentType = ContentType.json
  var accept = ContentType.json
  /// Headers of this call alone.
  var headers: [HTTPRequest.Header] = []
  var timeout: Duration = .seconds(600)
  /// `nil` for long polls.
  var silenceTimeout: Duration? = .seconds(60)
  /// How often the connection tries again by itself.
  var retries = APIConnection.retries
  /// Whether a conflict is the answer, and not a reason to try again.
  var conflictIsFinal = false
  /// The key by which the server knows the same request; `nil` makes one.
  var idempotencyKey: String?

  /// A call without a body.
  init(_ route: Route, _ path: String? = nil, query: [(name: String, value: String)] = []) {
    self.route = route
    self.path = path ?? route.path()
    self.query = query
  }

  /// A call with a JSON body.
  init(_ route: Route, _ path: String? = nil, json body: [UInt8]) {
    self.init(route, path)
    self.body = body
  }

  /// Method and path, for messages.
  var name: String { "\(route.method.rawValue) \(path)" }

  /// The path with the query.
  var target: String {
    guard !query.isEmpty else { return path }
    let pairs = query.map { "\(Route.escape($0.name))=\(Route.escape($0.value))" }
    return path + "?" + pairs.joined(separator: "&")
  }
}
