import Synchronization
public import TinkerJSON

/// The OpenAI-compatible endpoints of the service, for a base model or a sampler checkpoint.
///
/// Requests and answers are JSON in OpenAI's form. `model` is a base model or the path of a sampler
/// checkpoint.
public final class OpenAIClient: Sendable {
  private static let prefix = "/oai/api/v1/"
  private static let end = Array("[DONE]".utf8)
  private static let timeout = Duration.seconds(3600)

  private let core: ServiceCore

  /// A client with a connection of its own.
  public init(_ options: ServiceOptions = ServiceOptions()) { core = ServiceCore(options) }

  /// A chat completion.
  ///
  /// - Parameter request: `model`, `messages` and what else the service takes; `stream` is not set.
  /// - Returns: The answer.
  /// - Throws: ``ClientError``.
  public func chatCompletion(_ request: JSONObject) async throws -> JSONValue {
    try await complete("chat/completions", request)
  }

  /// A chat completion as it is written.
  ///
  /// - Parameter request: `model`, `messages` and what else the service takes; `stream` is set.
  /// - Returns: The pieces in OpenAI's form; the stream fails with ``ClientError``.
  public func streamChatCompletion(
    _ request: JSONObject
  ) -> AsyncThrowingStream<JSONValue, any Error> {
    stream("chat/completions", request)
  }

  /// A text completion.
  ///
  /// - Parameter request: `model`, `prompt` and what else the service takes; `stream` is not set.
  /// - Returns: The answer.
  /// - Throws: ``ClientError``.
  public func completion(_ request: JSONObject) async throws -> JSONValue {
    try await complete("completions", request)
  }

  /// A text completion as it is written.
  ///
  /// - Parameter request: `model`, `prompt` and what else the service takes; `stream` is set.
  /// - Returns: The pieces in OpenAI's form; the stream fails with ``ClientError``.
  public func streamCompletion(
    _ request: JSONObject
  ) -> AsyncThrowingStream<JSONValue, any Error> {
    stream("completions", request)
  }

  private func complete(_ path: String, _ body: JSONObject) async throws -> JSONValue {
    let connected = try await core.connected()
    return try await connected.retries.run { [self] in
      let request = try await request(connected.connection, path, body)
      let response = try await send(connected.connection, request, receive: nil)
      guard let json = try? JSONValue.parse(response.body) else {
        throw ClientError.unexpectedReply("\(request) was not answered with JSON")
      }
      return json
    }
  }

  private func stream(
    _ path: String, _ body: JSONObject
  ) -> AsyncThrowingStream<JSONValue, any Error> {
    var body = body
    body["stream"] = true
    let streaming = body
    return AsyncThrowingStream { continuation in
      let task = Task { [self] in
        do {
          let connection = try await core.connected().connection
          var request = try await request(connection, path, streaming)
          request.silenceTimeout = nil
          let parser = Mutex(EventStreamParser())
          let failure = Received()
          let response = try await send(connection, request) { head, bytes in
            guard head.status == 200 else { return failure.append(bytes) }
            for event in try parser.withLock({ parser throws(ClientError) in
              try parser.feed(bytes)
            }) where event != Self.end {
              guard let json = try? JSONValue.parse(event) else {
                throw ClientError.unexpectedReply("an event of the stream is not JSON")
              }
              continuation.yield(json)
            }
          }
          guard response.status == 200 else {
            throw ClientError.status(
              StatusError(
                HTTPResponse(head: response.head, body: failure.bytes),
                request: request.description, now: WallClock.now))
          }
          continuation.finish()
        } catch { continuation.finish(throwing: error) }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  /// Bytes that come on another thread.
  private final class Received: Sendable {
    private let state = Mutex<[UInt8]>([])
    var bytes: [UInt8] { state.withLock { $0 } }
    func append(_ bytes: [UInt8]) { state.withLock { $0 += bytes } }
  }

  private func request(
    _ connection: APIConnection, _ path: String, _ body: JSONObject
  ) async throws -> HTTPRequest {
    var writer = JSONWriter(style: .compact)
    writer.value(.object(body))
    var request = HTTPRequest(
      method: "POST", url: connection.baseURL + Self.prefix + path, body: writer.bytes)
    request.timeout = Self.timeout
    request.headers = [
      .init("Content-Type", "application/json"), .init("User-Agent", APIConnection.userAgent),
      .init("Authorization", "Bearer \(try await connection.token().secret)"),
    ]
    return request
  }

  private func send(
    _ connection: APIConnection, _ request: HTTPRequest,
    receive: (@Sendable (HTTPHead, [UInt8]) throws -> Void)?
  ) async throws -> HTTPResponse {
    let open = request.headers.filter { $0.name != "Authorization" }
    let response: HTTPResponse
    do {
      response = try await connection.transport.send(
        request, followingRedirects: 3, headersForOthers: open, receive: receive)
    } catch let error as TransportError {
      throw ClientError.transport(error)
    }
    guard receive != nil || (200..<300).contains(response.status) else {
      throw ClientError.status(
        StatusError(response, request: request.description, now: WallClock.now))
    }
    return response
  }
}
