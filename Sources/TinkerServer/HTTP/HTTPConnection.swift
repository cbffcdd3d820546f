import NIOCore
import NIOHTTP1
import TinkerWire

/// One connection: requests in, answers out.
struct HTTPConnection: Sendable {
  private static let filePiece = 256 << 10

  private let channel: HTTPListener.Connection
  private let budget: BodyBudget
  private let respond: @Sendable (ServerRequest) async -> ServerReply

  init(
    _ channel: HTTPListener.Connection, budget: BodyBudget,
    _ respond: @escaping @Sendable (ServerRequest) async -> ServerReply
  ) {
    self.channel = channel
    self.budget = budget
    self.respond = respond
  }

  /// Answers until either side is done.
  func run() async throws {
    let closed = channel.channel.closeFuture
    try await channel.executeThenClose { inbound, outbound in
      var parts = inbound.makeAsyncIterator()
      while let part = try await parts.next() {
        guard case .head(let head) = part else { continue }
        let share = BodyShare(budget)
        let request: ServerRequest
        do { request = try await self.request(head, &parts, share) } catch let error as Refusal {
          try await send(error.reply, keepsAlive: false, head, outbound)
          return
        }
        let reply = await reply(to: request, unless: closed)
        share.end()
        guard let reply else { return }
        try await send(reply, keepsAlive: head.isKeepAlive, head, outbound)
        if !head.isKeepAlive { return }
      }
    }
  }

  /// The answer, or `nil` if the client goes first.
  private func reply(
    to request: ServerRequest, unless closed: EventLoopFuture<Void>
  ) async -> ServerReply? {
    let respond = respond
    let work = Task { await respond(request) }
    closed.whenComplete { _ in work.cancel() }
    let reply = await work.value
    return channel.channel.isActive ? reply : nil
  }

  /// The rest of a request.
  ///
  /// - Throws: A refusal if there is no room for its body.
  private func request(
    _ head: HTTPRequestHead,
    _ parts: inout NIOAsyncChannelInboundStream<HTTPServerRequestPart>.AsyncIterator,
    _ share: BodyShare
  ) async throws -> ServerRequest {
    var request = ServerRequest(method: head.method.rawValue)
    let target = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    request.path = String(target.first ?? "")
    for pair in (target.count > 1 ? target[1] : "").split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let value = sides.count > 1 ? sides[1].replacing("+", with: " ") : ""
      request.query[Route.unescape(sides[0]) ?? ""] = Route.unescape(value) ?? ""
    }
    for (name, value) in head.headers {
      let key = name.lowercased()
      request.headers[key] = request.headers[key].map { $0 + ", " + value } ?? value
    }
    let announced = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
    try share.grow(to: announced)
    request.body.reserveCapacity(announced)
    while let part = try await parts.next() {
      switch part {
      case .head: throw Refusal(400, "a request begins inside another")
      case .body(let buffer):
        try share.grow(to: request.body.count + buffer.readableBytes)
        request.body.append(contentsOf: buffer.readableBytesView)
      case .end: return request
      }
    }
    return request
  }

  private func send(
    _ reply: ServerReply, keepsAlive: Bool, _ request: HTTPRequestHead,
    _ outbound: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
  ) async throws {
    var head = HTTPResponseHead(
      version: request.version, status: HTTPResponseStatus(statusCode: reply.status))
    for (name, value) in reply.headers { head.headers.add(name: name, value: value) }
    if !keepsAlive { head.headers.add(name: "connection", value: "close") }
    switch reply.content {
    case .bytes(let bytes):
      // A status of 204 has no body and tells no length.
      if reply.status != 204 { head.headers.add(name: "content-length", value: "\(bytes.count)") }
      try await outbound.write(.head(head))
      if !bytes.isEmpty { try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: bytes)))) }
    case .file(let path, let range):
      head.headers.add(name: "content-length", value: "\(range.count)")
      let file = try ServedFile(path: path)
      try await outbound.write(.head(head))
      var offset = range.lowerBound
      while offset < range.upperBound {
        let bytes = try file.read(at: offset, count: min(Self.filePiece, range.upperBound - offset))
        try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: bytes))))
        offset += bytes.count
      }
    case .pieces(let pieces):
      if request.version.minor > 0 { head.headers.add(name: "transfer-encoding", value: "chunked") }
      try await outbound.write(.head(head))
      for await piece in pieces {
        try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: piece))))
      }
    }
    try await outbound.write(.end(nil))
  }
}
