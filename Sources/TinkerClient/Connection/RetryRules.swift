import Synchronization

/// Which failures are tried again, and after which pause.
enum RetryRules {
  /// How long the outer layer tries.
  static let patience = Duration.seconds(300)

  /// Whether the connection itself tries again.
  static func connectionRetries(_ error: ClientError, _ call: APICall) -> Bool {
    switch error {
    case .status(let error):
      if call.conflictIsFinal, error.status == 409 { return false }
      return error.shouldRetry ?? isPassing(error.status)
    case .transport(let error): return isPassing(error)
    case .configuration, .invalidArgument, .requestFailed, .resultLost, .unexpectedReply, .stuck,
      .file, .closed:
      return false
    }
  }

  /// Whether the outer layer tries again.
  static func isPassing(_ error: any Error, conflictIsFinal: Bool = false) -> Bool {
    switch error as? ClientError {
    case .status(let error)?:
      isPassing(error.status) && !(conflictIsFinal && error.status == 409)
    case .transport(let error)?: isPassing(error)
    case .configuration?, .invalidArgument?, .requestFailed?, .resultLost?, .unexpectedReply?,
      .stuck?, .file?, .closed?, nil:
      false
    }
  }

  /// The statuses that pass.
  static func isPassing(_ status: Int) -> Bool {
    status == 408 || status == 409 || status == 429 || status >= 500
  }

  /// The failures without an answer that pass.
  static func isPassing(_ error: TransportError) -> Bool {
    switch error.kind {
    case .connection, .timeout: true
    case .badURL, .certificate, .tooLarge, .privateAddress, .closed: false
    }
  }

  /// The pause of the connection: what the server asks for, else from half a second to ten seconds.
  static func connectionPause(after error: ClientError, retry: Int) -> Duration {
    if case .status(let error) = error, let pause = error.retryAfter { return pause }
    let seconds = min(0.5 * Double(1 << min(retry, 10)), 10)
    return .seconds(seconds * Double.random(in: 0.75...1))
  }

  /// The pause of the outer layer and after failed polls: from one second to thirty, or what the server
  /// asks for if that is longer.
  static func outerPause(after error: any Error, retry: Int) -> Duration {
    let pause = Duration.seconds(min(1 << min(retry, 5), 30))
    guard case .status(let error)? = error as? ClientError, let asked = error.retryAfter else {
      return pause
    }
    return max(pause, asked)
  }
}

/// Waiting for a bill to be paid: 402 is tried again for a while.
final class BillingPause: Sendable {
  /// The pause between two tries.
  static let pause = Duration.seconds(5)
  /// So long without a 402 and a new incident begins.
  private static let quiet = Duration.seconds(300)
  private static let warningInterval = Duration.seconds(60)

  private struct State {
    var first: Duration?
    var last: Duration = .zero
    var warned: Duration?
  }

  private let limit: Duration
  private let time: Timekeeper
  private let log: @Sendable (LogLevel, String) -> Void
  private let state = Mutex(State())

  init(limit: Duration, time: Timekeeper, log: @escaping @Sendable (LogLevel, String) -> Void) {
    self.limit = limit
    self.time = time
    self.log = log
  }

  /// Waits after a 402; returns at once with `false` for other errors and when the time is over.
  func waits(after error: any Error) async throws -> Bool {
    guard let error = error as? ClientError, error.status == 402 else { return false }
    let now = time.now()
    let (isOver, isLogged) = state.withLock { state in
      if state.first == nil || now - state.last > Self.quiet { state.first = now }
      state.last = now
      let isOver = state.first.map { now - $0 > limit } ?? true
      let isLogged = !isOver && state.warned.map { now - $0 > Self.warningInterval } ?? true
      if isLogged { state.warned = now }
      return (isOver, isLogged)
    }
    if isOver { return false }
    if isLogged { log(.warning, "waiting for billing: \(error)") }
    try await time.sleep(Self.pause)
    return true
  }
}

/// The outer layer of retries, around submissions and REST calls. Each try is a new request.
struct OuterRetries: Sendable {
  let time: Timekeeper
  let billing: BillingPause
  var patience = RetryRules.patience
  let log: @Sendable (LogLevel, String) -> Void

  /// Does work until it succeeds or fails for good.
  func run<Value: Sendable>(
    conflictIsFinal: Bool = false, _ work: @Sendable () async throws -> Value
  ) async throws -> Value {
    let start = time.now()
    var retry = 0
    while true {
      do {
        return try await work()
      } catch {
        if try await billing.waits(after: error) { continue }
        let waited = time.now() - start
        guard RetryRules.isPassing(error, conflictIsFinal: conflictIsFinal),
          waited < patience
        else { throw error }
        if retry == 0 { log(.warning, "trying again: \(error)") }
        try await time.sleep(
          min(RetryRules.outerPause(after: error, retry: retry), patience - waited))
        retry += 1
      }
    }
  }
}
