import Synchronization

/// An operation that was submitted and whose result is awaited when it is needed.
///
/// The call that returns a pending result has already taken the operation's place in the order, so
/// several can be called one after the other and awaited later. Awaiting twice is free. A time limit on
/// waiting cancels nothing; ``cancel()``, and the cancellation of a task that awaits ``value``, abandon
/// the operation for all who wait for it.
public final class PendingResult<Value: Sendable>: Sendable {
  private struct State {
    var isSubmitted = false
    var outcome: Result<Value, any Error>?
    var nextWaiter: UInt64 = 0
    var submissionWaiters: [UInt64: CheckedContinuation<Void, any Error>] = [:]
    var waiters: [UInt64: CheckedContinuation<Value, any Error>] = [:]
    var waitingFor: String?
    var isAbandoned = false
    var onCancel: (@Sendable () -> Void)?
  }

  private let state: Mutex<State>

  /// A result that someone will complete.
  ///
  /// - Parameter waitingFor: What the operation waits for at first, for messages.
  public init(waitingFor: String? = nil) {
    state = Mutex(State(waitingFor: waitingFor))
  }

  /// A result that is there already.
  public convenience init(value: Value) {
    self.init()
    complete(with: .success(value))
  }

  /// A result that a new task computes. Cancelling the result cancels the task.
  public convenience init(running work: sending @escaping () async throws -> Value) {
    self.init()
    markSubmitted()
    let task = Task {
      do { complete(with: .success(try await work())) } catch { complete(with: .failure(error)) }
    }
    setCancellationHandler { task.cancel() }
  }

  /// The result, awaited.
  ///
  /// - Throws: What the operation failed with, or `CancellationError` once it was abandoned.
  public var value: Value {
    get async throws {
      let id = newWaiter()
      return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { wait(id, $0) }
      } onCancel: {
        cancel()
      }
    }
  }

  /// The result, awaited for a limited time. When the time is over the operation goes on.
  ///
  /// - Throws: ``PendingResultTimeout`` when the time is over, else as ``value``.
  public func value(timeout: Duration) async throws -> Value {
    let id = newWaiter()
    let timer = Task {
      try await Task.sleep(for: timeout)
      giveUp(id, after: timeout)
    }
    defer { timer.cancel() }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { wait(id, $0) }
    } onCancel: {
      cancel()
    }
  }

  /// Returns once the service has accepted the operation, or it has ended.
  ///
  /// - Throws: What the operation failed with, if it failed before it was accepted.
  public var submitted: Void {
    get async throws {
      let id = newWaiter()
      try await withCheckedThrowingContinuation {
        (continuation: CheckedContinuation<Void, any Error>) in
        let ready: Result<Void, any Error>? = state.withLock { state in
          if state.isSubmitted { return .success(()) }
          if let outcome = state.outcome { return outcome.map { _ in () } }
          state.submissionWaiters[id] = continuation
          return nil
        }
        if let ready { continuation.resume(with: ready) }
      }
    }
  }

  /// Whether the operation has ended.
  public var isComplete: Bool { state.withLock { $0.outcome != nil } }

  /// What the operation waits for, in words; `nil` once it has ended.
  public var waitingFor: String? { state.withLock { $0.outcome == nil ? $0.waitingFor : nil } }

  /// Abandons the operation: everybody who waits gets a `CancellationError`.
  public func cancel() { abandon(with: CancellationError()) }

  // MARK: For those who complete results

  /// Tells that the service has accepted the operation.
  public func markSubmitted() {
    let waiters = state.withLock { state in
      state.isSubmitted = true
      defer { state.submissionWaiters = [:] }
      return state.submissionWaiters
    }
    for waiter in waiters.values { waiter.resume() }
  }

  /// Tells what the operation waits for.
  public func noteWaiting(for what: String) {
    state.withLock { $0.waitingFor = what }
  }

  /// Abandons the operation with an error of one's own, for example at a deadline.
  public func abandon(with error: any Error) {
    guard complete(with: .failure(error)) else { return }
    let handler = state.withLock { state in
      state.isAbandoned = true
      return state.onCancel.take()
    }
    handler?()
  }

  /// Sets what is done when the operation is abandoned.
  public func setCancellationHandler(_ handler: @escaping @Sendable () -> Void) {
    let isAbandoned = state.withLock { state in
      if !state.isAbandoned { state.onCancel = handler }
      return state.isAbandoned
    }
    if isAbandoned { handler() }
  }

  /// Ends the operation; only the first outcome counts.
  ///
  /// - Returns: Whether this was the first outcome.
  @discardableResult
  public func complete(with outcome: Result<Value, any Error>) -> Bool {
    let ended = state.withLock { state -> State? in
      guard state.outcome == nil else { return nil }
      let before = state
      state.outcome = outcome
      state.waiters = [:]
      state.submissionWaiters = [:]
      return before
    }
    guard let ended else { return false }
    for waiter in ended.waiters.values { waiter.resume(with: outcome) }
    for waiter in ended.submissionWaiters.values { waiter.resume(with: outcome.map { _ in () }) }
    return true
  }

  private func newWaiter() -> UInt64 {
    state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
  }

  private func wait(_ id: UInt64, _ continuation: CheckedContinuation<Value, any Error>) {
    let outcome = state.withLock { state in
      if state.outcome == nil { state.waiters[id] = continuation }
      return state.outcome
    }
    if let outcome { continuation.resume(with: outcome) }
  }

  private func giveUp(_ id: UInt64, after timeout: Duration) {
    let (waiter, waitingFor) = state.withLock { state in
      (state.waiters.removeValue(forKey: id), state.waitingFor)
    }
    waiter?.resume(throwing: PendingResultTimeout(waited: timeout, waitingFor: waitingFor))
  }
}

/// The time to wait for a result was over; the operation goes on.
public struct PendingResultTimeout: Error, Sendable, Hashable, CustomStringConvertible {
  /// How long was waited.
  public let waited: Duration
  /// What the operation was waiting for, if that is known.
  public let waitingFor: String?

  /// A time limit that was reached.
  public init(waited: Duration, waitingFor: String?) {
    self.waited = waited
    self.waitingFor = waitingFor
  }

  /// The sentence.
  public var description: String {
    "no result within \(waited); the operation goes on"
      + (waitingFor.map { " and waits for \($0)" } ?? "")
  }
}
