/// How a client reaches the service. Every member has a default.
public struct ServiceOptions: Sendable {
  /// The address that is used if neither an argument nor `TINKER_BASE_URL` gives one.
  public static let defaultBaseURL =
    "https://tinker.thinkingmachines.dev/services/tinker-prod"

  /// The address of the service; `nil` takes `TINKER_BASE_URL` or ``defaultBaseURL``.
  public var baseURL: String?
  /// The API key or token; `nil` takes the environment or the credential file.
  public var apiKey: String?
  /// Texts to keep with the session.
  public var userMetadata: [String: String] = [:]
  /// The project of the session; `nil` takes `TINKER_PROJECT_ID`.
  public var projectID: String?
  /// The name of the session for people.
  public var displayName: String?
  /// Headers of every request; they travel in handles too.
  public var headers: [String: String] = [:]
  /// The longest wait for one operation, its place in the order included; `nil`, the default, waits as
  /// long as the service works on it.
  public var deadline: Duration?
  /// Told what the server does with requests that are not finished; by default a pause is logged once.
  public var onQueueState: (@Sendable (QueueStateReport) -> Void)?
  /// Told what a person may want to know. By default warnings and errors go to standard error, and more
  /// if `TINKER_LOG` is `info` or `debug`.
  public var log: (@Sendable (LogLevel, String) -> Void)?
  /// The variables that are read.
  public var environment = Environment.process
  /// Who carries requests; `nil` makes a ``CurlTransport``.
  public var transport: (any HTTPTransport)?
  /// The clock.
  package var time = Timekeeper.system
  /// Where the credential file lies; `nil` takes `~/.tinker/credentials.json`.
  package var credentialFile: String?

  /// Options with the defaults.
  public init(baseURL: String? = nil, apiKey: String? = nil) {
    self.baseURL = baseURL
    self.apiKey = apiKey
  }

  /// The address that is used, from the option, the environment or the default, without a slash at its
  /// end.
  public var resolvedBaseURL: String {
    var url = baseURL.nonEmpty ?? environment["TINKER_BASE_URL"] ?? Self.defaultBaseURL
    while url.hasSuffix("/") { url.removeLast() }
    return url
  }
}

/// How much a message matters.
public enum LogLevel: Int, Sendable, Comparable {
  /// For those who look for a fault.
  case debug
  /// Worth knowing.
  case info
  /// Something that may need an action.
  case warning
  /// Something that failed.
  case error

  /// Whether the left matters less.
  public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}
