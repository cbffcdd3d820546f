/// Who carries requests. The client needs nothing else from the network, so tests can stand in for it.
public protocol HTTPTransport: Sendable {
  /// Carries one request. Redirects are answers here, not followed.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - receive: Gets the body in pieces as it comes, with the head, instead of the response; called
  ///     one at a time on a thread of the transport. What it throws ends the transfer. `nil` collects
  ///     the body.
  /// - Returns: The response.
  /// - Throws: ``TransportError``, what `receive` threw, or `CancellationError` once the task was
  ///   cancelled; the transfer ends then.
  func send(
    _ request: HTTPRequest,
    receive: (@Sendable (HTTPHead, [UInt8]) throws -> Void)?
  ) async throws -> HTTPResponse
}

/// A request. Its description leaves headers and body out, because they hold keys.
public struct HTTPRequest: Sendable, CustomStringConvertible {
  /// A header with its value.
  public struct Header: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The value.
    public var value: String

    /// A header.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The method, in capitals.
  public var method: String
  /// The address.
  public var url: String
  /// The headers.
  public var headers: [Header]
  /// The body; `nil` for none.
  public var body: [UInt8]?
  /// The most time to connect.
  public var connectTimeout: Duration = .seconds(5)
  /// The most time for all of it.
  public var timeout: Duration = .seconds(600)
  /// The most time without a byte; `nil` for long polls, where silence is normal.
  public var silenceTimeout: Duration? = .seconds(60)
  /// The most bytes of the body, decompressed.
  public var maximumBodyBytes = 1 << 30
  /// Whether a new connection is opened.
  public var needsFreshConnection = false
  /// Whether addresses of this machine and of private networks are refused, and proxies not used.
  public var isPublicOnly = false

  /// A request.
  public init(method: String, url: String, headers: [Header] = [], body: [UInt8]? = nil) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }

  /// Method and address without query.
  public var description: String { "\(method) \(url.prefix { $0 != "?" })" }
}

/// Status and headers of a response.
public struct HTTPHead: Sendable, Hashable {
  /// The status.
  public var status: Int
  /// The headers; names in lower case, of equal names the last.
  public var headers: [String: String]
  /// Where a redirect leads, as an absolute address; `nil` for other answers.
  public var redirectURL: String?

  /// A head.
  public init(status: Int, headers: [String: String] = [:], redirectURL: String? = nil) {
    self.status = status
    self.headers = headers
    self.redirectURL = redirectURL
  }
}

/// A response.
public struct HTTPResponse: Sendable {
  /// Status and headers.
  public var head: HTTPHead
  /// The body; empty if it was received in pieces.
  public var body: [UInt8]

  /// A response.
  public init(head: HTTPHead, body: [UInt8] = []) {
    self.head = head
    self.body = body
  }

  /// The status.
  public var status: Int { head.status }
}

/// A request that got no usable answer.
public struct TransportError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of failures.
  public enum Kind: Sendable, Hashable {
    /// The address cannot be used.
    case badURL
    /// No connection, or it broke.
    case connection
    /// The other side's certificate is not trusted.
    case certificate
    /// A time limit was reached.
    case timeout
    /// The body is larger than allowed.
    case tooLarge
    /// The address is private and only public ones are allowed.
    case privateAddress
    /// The transport was closed.
    case closed
  }

  /// The kind.
  public let kind: Kind
  /// The sentence.
  public let description: String

  /// A failure.
  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
