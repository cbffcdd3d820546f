/// A request as the handlers see it.
struct ServerRequest: Sendable {
  var method = ""
  /// The path as it came, without the query.
  var path = ""
  /// The decoded members of the query.
  var query: [String: String] = [:]
  /// Names in lower case.
  var headers: [String: String] = [:]
  var body: [UInt8] = []

  /// A number of the query.
  func number(_ name: String) -> Int? { query[name].flatMap { Int($0) } }

  /// Whether the client reads protobuf.
  var acceptsProtobuf: Bool { headers["accept"]?.contains("application/x-protobuf") == true }
}
