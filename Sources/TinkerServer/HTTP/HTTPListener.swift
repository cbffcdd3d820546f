import NIOCore
import NIOHTTP1
import NIOPosix

/// Takes connections and answers their requests, one at a time on each.
struct HTTPListener: Sendable {
  /// A connection on which nothing moves for so long is closed. Long answers without streaming take
  /// their time, so it is long.
  private static let idleLimit = TimeAmount.hours(1)
  private static let backlog: Int32 = 1024

  typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

  let channel: NIOAsyncChannel<Connection, Never>
  /// The port, as the system chose it if it was asked to.
  let port: Int

  /// Takes the port.
  ///
  /// - Throws: `ServerError.address` if it is in use or not ours to take.
  init(host: String, port: Int) async throws(ServerError) {
    do {
      channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .serverChannelOption(.backlog, value: Self.backlog)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
        .bind(host: host, port: port) { child in
          child.eventLoop.makeCompletedFuture {
            let pipeline = child.pipeline.syncOperations
            try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
            try pipeline.addHandler(IdleStateHandler(allTimeout: Self.idleLimit))
            try pipeline.addHandler(IdleConnectionCloser())
            return try Connection(wrappingChannelSynchronously: child)
          }
        }
    } catch { throw .address("\(host):\(port) cannot be listened on: \(error)") }
    self.port = channel.channel.localAddress?.port ?? port
  }

  /// Serves until the listener is closed or the task is cancelled.
  ///
  /// - Parameters:
  ///   - bodyLimit: The most bytes of a body.
  ///   - respond: Gives the answer to a request.
  /// - Throws: What ends the listener.
  func run(
    bodyLimit: Int, _ respond: @escaping @Sendable (ServerRequest) async -> ServerReply
  ) async throws {
    try await channel.executeThenClose { connections in
      try await withThrowingDiscardingTaskGroup { group in
        for try await connection in connections {
          group.addTask {
            // What goes wrong with a connection ends it, and nothing else.
            try? await HTTPConnection(connection, bodyLimit: bodyLimit, respond).run()
          }
        }
      }
    }
  }
}

/// Closes a connection on which nothing moved for long.
private final class IdleConnectionCloser: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent {
      context.close(promise: nil)
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }
}
