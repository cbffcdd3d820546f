public import TinkerData
public import TinkerJSON
public import TinkerWire

/// Why a call of the client failed. No description holds a key.
public enum ClientError: Error, Sendable, CustomStringConvertible {
  /// No usable credential or setting; the sentence says what to set.
  case configuration(String)
  /// An argument that the service would not take.
  case invalidArgument(DataError)
  /// The server answered with an error.
  case status(StatusError)
  /// No answer came.
  case transport(TransportError)
  /// The server accepted a request and could not execute it.
  case requestFailed(requestID: String, category: FailureCategory, message: String)
  /// The server no longer has the result of a request (status 410).
  case resultLost(StatusError)
  /// The server answered something that is not of the protocol.
  case unexpectedReply(String)
  /// A deadline was reached, or nothing made progress any more.
  case stuck(String, resumeHint: String?)
  /// A file cannot be read or written, or its name would lead out of its folder.
  case file(String)
  /// The client was closed.
  case closed

  /// The sentence.
  public var description: String {
    switch self {
    case .configuration(let sentence), .unexpectedReply(let sentence), .file(let sentence):
      sentence
    case .invalidArgument(let error): error.description
    case .status(let error): error.description
    case .transport(let error): error.description
    case .requestFailed(let id, let category, let message):
      "\(message) (request \(id) failed; \(category.rawValue) error)"
    case .resultLost(let error): "the result is lost, submit the request again: \(error)"
    case .stuck(let sentence, let hint): sentence + (hint.map { "; " + $0 } ?? "")
    case .closed: "the client is closed"
    }
  }

  /// The status of the server's answer, if one is the cause.
  public var status: Int? {
    switch self {
    case .status(let error), .resultLost(let error): error.status
    case .configuration, .invalidArgument, .transport, .requestFailed, .unexpectedReply, .stuck,
      .file, .closed:
      nil
    }
  }
}

/// An answer with an error status.
public struct StatusError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The status.
  public let status: Int
  /// Method and path of the request.
  public let request: String
  /// The body as JSON, if it is JSON.
  public let body: JSONValue?
  /// The body as text.
  public let text: String
  /// How long the server asks to wait.
  let retryAfter: Duration?
  /// Whether the server says that trying again has a point.
  let shouldRetry: Bool?

  init(_ response: HTTPResponse, request: String, now: @autoclosure () -> Int) {
    status = response.status
    self.request = request
    text = String(decoding: response.body.prefix(65536), as: UTF8.self)
    body = try? JSONValue.parse(response.body)
    retryAfter = RetryAfter.duration(response.head.headers, now: now())
    shouldRetry = response.head.headers["x-should-retry"].flatMap(Bool.init)
  }

  /// The server's words: the `detail` of the body, or the body.
  public var detail: String {
    guard let detail = body?["detail"] else { return text }
    return detail.text ?? detail.serialized(.compact)
  }

  /// The sentence.
  public var description: String {
    let detail = detail
    return "\(request) was answered \(status)\(detail.isEmpty ? "" : ": \(detail)")"
  }
}
