extension HTTPTransport {
  /// Sends a request and follows redirects. Another origin gets none of the request's headers but those
  /// that are named, and never an address without TLS after one with it.
  func send(
    _ request: HTTPRequest, followingRedirects limit: Int,
    headersForOthers: [HTTPRequest.Header],
    receive: (@Sendable (HTTPHead, [UInt8]) throws -> Void)? = nil
  ) async throws -> HTTPResponse {
    var request = request
    let origin = Origin(request.url)
    for _ in 0...limit {
      let response = try await send(request, receive: receive)
      guard limit > 0, (301...308).contains(response.status), response.status != 304,
        let target = response.head.redirectURL
      else { return response }
      guard Origin(target).isSecure || !Origin(request.url).isSecure else {
        throw TransportError(.badURL, "\(request) redirects to an address without TLS")
      }
      if Origin(target) != origin { request.headers = headersForOthers }
      request.url = target
      if response.status != 307, response.status != 308, request.method != "GET" {
        request.method = "GET"
        request.body = nil
      }
    }
    throw TransportError(.badURL, "\(request) redirects more than \(limit) times")
  }
}

/// Scheme, host and port of an address.
struct Origin: Sendable, Hashable {
  private let text: String

  init(_ url: String) {
    guard let scheme = url.range(of: "://") else {
      text = ""
      return
    }
    let rest = url[scheme.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] }
    let standard = url.hasPrefix("https") ? ":443" : ":80"
    var origin = url[..<scheme.lowerBound].lowercased() + "://" + (host ?? authority).lowercased()
    if origin.hasSuffix(standard) { origin.removeLast(standard.count) }
    text = origin
  }

  /// Whether the address is reached over TLS.
  var isSecure: Bool { text.hasPrefix("https://") }
}

extension StringProtocol {
  /// Where a text stands first.
  func range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) {
        return start..<index(start, offsetBy: text.count)
      }
      start = index(after: start)
    }
    return nil
  }
}
