/// Who may use the server.
///
/// Without a key the server answers whoever reaches the loopback address. Pages in a browser reach it,
/// too, so what a page of another origin sends, and what comes under a foreign host name, is refused.
struct AccessRules: Sendable {
  let apiKey: String?
  let isLoopback: Bool

  /// - Throws: A refusal with status 401 or 403.
  func check(_ request: ServerRequest) throws(Refusal) {
    if let apiKey {
      guard let given = Self.key(request) else {
        throw Refusal(401, "an API key is needed, in the header X-API-Key or as a bearer token")
      }
      guard Self.areEqual(given, apiKey) else { throw Refusal(401, "the API key is not valid") }
      return
    }
    try checkOrigin(request)
  }

  /// Refuses what a page of another origin sends.
  func checkOrigin(_ request: ServerRequest) throws(Refusal) {
    let host = request.headers["host"] ?? ""
    if isLoopback, !Self.isLoopback(host: host) {
      throw Refusal(403, "this server is called localhost or 127.0.0.1, not \(host.prefix(200))")
    }
    if let origin = request.headers["origin"], origin != "http://" + host {
      throw Refusal(403, "requests of pages of \(origin.prefix(200)) are refused")
    }
  }

  private static func key(_ request: ServerRequest) -> String? {
    if let key = request.headers["x-api-key"] { return key }
    guard let value = request.headers["authorization"] else { return nil }
    let parts = value.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return String(parts[1])
  }

  /// Compares without telling by its time where the difference is.
  static func areEqual(_ a: String, _ b: String) -> Bool {
    let (left, right) = (Array(a.utf8), Array(b.utf8))
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private static func isLoopback(host: String) -> Bool {
    if host.hasPrefix("[") { return host.hasPrefix("[::1]") }
    let name = host.prefix { $0 != ":" }.lowercased()
    return name.isEmpty || name == "localhost" || name.hasPrefix("127.")
  }
}
