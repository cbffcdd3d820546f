import Synchronization
import TinkerFiles
import TinkerLocal

/// A server of the training protocol over the embedded engine.
///
/// ```swift
/// var options = ServerOptions(configuration)
/// options.port = 0
/// let server = try await LocalServer(options)
/// async let running: Void = server.run()
/// let client = ServiceClient(ServiceOptions(baseURL: server.url, apiKey: "tml-local"))
/// ```
public final class LocalServer: Sendable {
  /// The address for clients.
  public let url: String

  private let listener: HTTPListener
  private let core: ServerCore
  private let lock: StateFolder

  /// A server that has taken its port and its folder of state, and answers.
  ///
  /// - Throws: ``ServerError`` for settings that contradict each other, a port that is in use, or a
  ///   folder that another server uses.
  public init(_ options: ServerOptions) async throws(ServerError) {
    try options.check()
    lock = try StateFolder(options.local.stateFolder)
    let service = LocalService(options.local)
    let catalog = Catalog(store: service.store)
    core = ServerCore(options, catalog: catalog, service: service)
    let responder = Responder(
      core: core, access: AccessRules(apiKey: options.apiKey, isLoopback: options.isLoopback),
      files: SignedFiles(store: service.store, secret: lock.secret),
      chats: OpenAIEndpoints(core: core))
    listener = try await HTTPListener(
      host: options.host, port: options.port,
      budget: BodyBudget(
        largest: options.maximumBodyBytes, total: options.maximumWaitingBytes)
    ) { await responder.reply(to: $0) }
    let host = options.host.contains(":") ? "[\(options.host)]" : options.host
    url = "http://\(host == "0.0.0.0" ? "127.0.0.1" : host):\(listener.port)"
  }

  /// Serves until the task is cancelled; then every connection is closed.
  public func run() async {
    let core = core
    let keeping = Task {
      while !Task.isCancelled {
        await core.keepHouse()
        try await Task.sleep(for: .seconds(30))
      }
    }
    defer { keeping.cancel() }
    await listener.run()
  }
}
