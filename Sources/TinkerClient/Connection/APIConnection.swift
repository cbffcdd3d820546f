import Synchronization
import TinkerJSON
import TinkerWire

/// Calls of the service with its headers: credentials, idempotency, the inner layer of retries.
final class APIConnection: Sendable {
  /// The version of the protocol that is spoken, as the service numbers it.
  static let protocolVersion = "0.38.0"
  static let userAgent = "TinkerKit"
  /// How often the connection tries again by itself.
  static let retries = 10
  /// Empty refusals of a front proxy that are tried again before they are believed.
  private static let proxyRefusals = 16
  private static let maximumRedirects = 10

  let baseURL: String
  let transport: any HTTPTransport
  let time: Timekeeper
  private let headers: [HTTPRequest.Header]
  /// How long one call is tried; `nil` for as often as it is allowed.
  private let patience: Duration?
  private let authenticator: Authenticator
  private let proxyRefusalsLeft = Mutex(APIConnection.proxyRefusals)

  init(
    baseURL: String, transport: any HTTPTransport, headers: [HTTPRequest.Header],
    authenticator: Authenticator, time: Timekeeper, patience: Duration?
  ) {
    self.baseURL = baseURL
    self.transport = transport
    self.headers = headers
    self.authenticator = authenticator
    self.time = time
    self.patience = patience
  }

  /// The same connection with another source of tokens.
  func authenticated(by authenticator: Authenticator) -> APIConnection {
    APIConnection(
      baseURL: baseURL, transport: transport, headers: headers, authenticator: authenticator,
      time: time, patience: patience)
  }

  /// The token that requests carry now.
  func token() async throws -> Credential { try await authenticator.token() }

  /// Sends a call and gives its JSON.
  func json(_ call: APICall) async throws -> JSONValue {
    try Self.json(try await send(call).body, of: call)
  }

  /// The JSON of a body.
  static func json(_ body: [UInt8], of call: APICall) throws -> JSONValue {
    do { return try JSONValue.parse(body) } catch {
      throw ClientError.unexpectedReply("\(call.name) was not answered with JSON: \(error)")
    }
  }

  /// Sends a call until it succeeds, or tells that trying again has no point.
  ///
  /// - Throws: ``ClientError``, or `CancellationError`.
  @discardableResult
  func send(_ call: APICall) async throws -> HTTPResponse {
    let key = call.idempotencyKey ?? Self.newKey()
    var token = try await authenticator.token()
    var hasRenewed = false
    let start = time.now()
    var retry = 0
    while true {
      let error: ClientError
      do {
        let response = try await once(call, key: key, token: token, retry: retry)
        if (200..<300).contains(response.status) {
          proxyRefusalsLeft.withLock { $0 = min($0 + 1, Self.proxyRefusals) }
          return response
        }
        let status = StatusError(response, request: call.name, now: WallClock.now)
        if status.status == 401, !hasRenewed, authenticator.exchangesTokens,
          response.head.headers["www-authenticate"]?.contains("error=\"invalid_token\"") == true
        {
          token = try await authenticator.token(insteadOf: token)
          hasRenewed = true
          continue
        }
        let refused = refusal(status, isEmpty: response.body.isEmpty, call)
        // A proxy's refusal is a matter of the outer layer, which makes a new request of it.
        if case .transport = refused { throw refused }
        error = refused
      } catch let failure as TransportError {
        error = .transport(failure)
      }
      let isPatient = patience.map { time.now() - start < $0 } ?? true
      guard isPatient, retry < call.retries, RetryRules.connectionRetries(error, call) else {
        throw error
      }
      try await time.sleep(RetryRules.connectionPause(after: error, retry: retry))
      retry += 1
    }
  }

  /// A 400 without a word comes from a proxy in front of the service, not from the service.
  private func refusal(_ status: StatusError, isEmpty: Bool, _ call: APICall) -> ClientError {
    guard status.status == 400, isEmpty else {
      return status.status == 410 ? .resultLost(status) : .status(status)
    }
    let isTriedAgain = proxyRefusalsLeft.withLock { left in
      guard left > 0 else { return false }
      left -= 1
      return true
    }
    return isTriedAgain
      ? .transport(TransportError(.connection, "\(call.name): a proxy refused the connection"))
      : .status(status)
  }

  private func once(
    _ call: APICall, key: String, token: Credential, retry: Int
  ) async throws -> HTTPResponse {
    var request = HTTPRequest(
      method: call.route.method.rawValue, url: baseURL + call.target, body: call.body)
    request.timeout = call.timeout
    request.silenceTimeout = call.silenceTimeout
    request.needsFreshConnection = proxyRefusalsLeft.withLock { $0 < Self.proxyRefusals }
    request.headers = [
      .init("Accept", call.accept), .init("User-Agent", Self.userAgent),
    ]
    if call.route.method != .get {
      request.headers.append(.init("Content-Type", call.contentType))
    }
    let open = request.headers
    request.headers += headers
    request.headers += call.headers
    request.headers.append(.init("X-API-Key", token.secret))
    if call.route.method != .get {
      request.headers.append(.init("X-Idempotency-Key", key))
      request.headers.append(.init("X-Stainless-Retry-Count", String(retry)))
    }
    return try await transport.send(
      request, followingRedirects: Self.maximumRedirects, headersForOthers: open)
  }

  /// A key that no other request has.
  static func newKey() -> String {
    "tinkerkit-" + randomHex(16)
  }

  /// Random bytes as hexadecimal digits.
  static func randomHex(_ count: Int) -> String {
    hex((0..<count).map { _ in UInt8.random(in: 0...255) })
  }

  /// Bytes as hexadecimal digits.
  static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }
}
