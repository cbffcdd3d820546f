public import TinkerLocal

/// What the local server serves, where it listens and how much it takes.
public struct ServerOptions: Sendable {
  /// The models and the folder of the state.
  public var local: LocalConfiguration
  /// The address to listen on; the default is the loopback address.
  public var host = "127.0.0.1"
  /// The port; 0 lets the system choose one.
  public var port = 8000
  /// The key that requests must carry. It begins with `tml-`; `nil`, allowed on loopback only, takes
  /// any.
  public var apiKey: String?
  /// The renderer of chats by the name of a model, where it is not the one that the model's name tells.
  public var renderers: [String: String] = [:]
  /// The most bytes of a request's body.
  public var maximumBodyBytes = 64 << 20
  /// The most requests that wait at a time; what comes beyond is answered with 429.
  public var maximumWaitingRequests = 4096
  /// The most bytes of bodies that wait at a time.
  public var maximumWaitingBytes = 512 << 20
  /// The most bytes of results that are kept.
  public var maximumResultBytes = 256 << 20
  /// The most models that train at a time.
  public var maximumModels = 64
  /// The most sequences that are drawn at a time.
  public var maximumSequences = 64
  /// How long an answer about an unfinished request is held.
  public var pollLimit = Duration.seconds(25)
  /// After how long a session that nobody uses is forgotten, with its models and samplers.
  public var sessionLimit = Duration.seconds(1800)

  /// Options with the defaults of their members.
  public init(_ local: LocalConfiguration) {
    self.local = local
  }

  /// Whether only this machine reaches the server.
  var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

  func check() throws(ServerError) {
    guard !local.models.isEmpty else { throw .settings("there is no model to serve") }
    var names: Set<String> = []
    for model in local.models where !names.insert(model.name).inserted {
      throw .settings("two models are called \(model.name)")
    }
    guard (0...65535).contains(port) else {
      throw .settings("port is \(port); a number from 0 to 65535 is needed")
    }
    if let apiKey {
      guard apiKey.hasPrefix("tml-"), apiKey.utf8.count > 4,
        apiKey.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
      else {
        throw .settings("an API key begins with tml-, because clients refuse every other one")
      }
    } else if !isLoopback {
      throw .settings("others reach \(host): an API key is needed there")
    }
  }
}
