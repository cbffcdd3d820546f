import TinkerJSON
import TinkerWire

/// An answer as the handlers give it.
struct ServerReply: Sendable {
  enum Content: Sendable {
    case bytes([UInt8])
    /// A part of a file.
    case file(path: String, range: Range<Int>)
    /// Pieces as they are made.
    case pieces(AsyncStream<[UInt8]>)
  }

  var status = 200
  var headers: [(name: String, value: String)] = []
  var content = Content.bytes([])

  static func bytes(_ bytes: [UInt8], type: String, status: Int = 200) -> ServerReply {
    ServerReply(status: status, headers: [("content-type", type)], content: .bytes(bytes))
  }

  static func json(_ bytes: [UInt8], status: Int = 200) -> ServerReply {
    .bytes(bytes, type: ContentType.json, status: status)
  }

  static func json(_ value: JSONValue, status: Int = 200) -> ServerReply {
    .json(value.body, status: status)
  }

  static let empty = ServerReply(status: 204)
}

/// A request that is not carried out.
struct Refusal: Error, Sendable {
  let status: Int
  let detail: String
  /// After how many seconds the client may come again.
  var retryAfter: Int?

  init(_ status: Int, _ detail: String, retryAfter: Int? = nil) {
    self.status = status
    self.detail = detail
    self.retryAfter = retryAfter
  }

  var reply: ServerReply {
    var reply = ServerReply.json(ErrorBody(detail).json, status: status)
    if let retryAfter { reply.headers.append(("retry-after", "\(retryAfter)")) }
    return reply
  }
}
