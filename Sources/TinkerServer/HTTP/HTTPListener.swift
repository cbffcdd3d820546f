import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Takes connections and answers their requests, one at a time on each.
final class HTTPListener: Sendable {
  /// A connection on which nothing moves for so long is closed. Long answers without streaming take
  /// their time, so it is long.
  private static let idleLimit = TimeAmount.hours(1)
  private static let backlog: Int32 = 1024

  typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

  /// The port, as the system chose it if it was asked to.
  let port: Int
  private let channel: any Channel
  private let connections: OpenConnections

  /// Takes the port and answers from then on.
  ///
  /// - Parameters:
  ///   - host: The address.
  ///   - port: The port; 0 lets the system choose.
  ///   - budget: The memory for bodies.
  ///   - respond: Gives the answer to a request.
  /// - Throws: `ServerError.address` if the port is in use or not ours to take.
  init(
    host: String, port: Int, budget: BodyBudget,
    _ respond: @escaping @Sendable (ServerRequest) async -> ServerReply
  ) async throws(ServerError) {
    let connections = OpenConnections()
    do {
      channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .serverChannelOption(.backlog, value: Self.backlog)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
        .childChannelInitializer { child in
          child.eventLoop.makeCompletedFuture {
            let pipeline = child.pipeline.syncOperations
            try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
            try pipeline.addHandler(IdleStateHandler(allTimeout: Self.idleLimit))
            try pipeline.addHandler(IdleConnectionCloser())
            let connection = HTTPConnection(
              try Connection(wrappingChannelSynchronously: child), budget: budget, respond)
            // What goes wrong with a connection ends it, and nothing else.
            connections.add(child) { try? await connection.run() }
          }
        }
        .bind(host: host, port: port).get()
    } catch { throw .address("\(host):\(port) cannot be listened on: \(error)") }
    self.connections = connections
    self.port = channel.localAddress?.port ?? port
  }

  /// Returns when the task is cancelled and every connection is closed.
  func run() async {
    let channel = channel
    await withTaskCancellationHandler {
      try? await channel.closeFuture.get()
    } onCancel: {
      channel.close(promise: nil)
    }
    await connections.closeAll()
  }
}

/// The connections that are open, with the tasks that serve them.
private final class OpenConnections: Sendable {
  private struct State {
    var next = 0
    var open: [Int: (channel: any Channel, task: Task<Void, Never>?)] = [:]
    var isOver = false
  }

  private let state = Mutex(State())

  func add(_ channel: any Channel, _ serve: @escaping @Sendable () async -> Void) {
    let (id, isOver) = state.withLock { state in
      state.next += 1
      state.open[state.next] = (channel, nil)
      return (state.next, state.isOver)
    }
    // Served in any case: a connection must be ended by who wrapped it.
    if isOver { channel.close(promise: nil) }
    let task = Task {
      await serve()
      state.withLock { _ = $0.open.removeValue(forKey: id) }
    }
    state.withLock { $0.open[id]?.task = task }
  }

  func closeAll() async {
    let open = state.withLock { state in
      state.isOver = true
      return Array(state.open.values)
    }
    for connection in open { connection.channel.close(promise: nil) }
    for connection in open { await connection.task?.value }
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
