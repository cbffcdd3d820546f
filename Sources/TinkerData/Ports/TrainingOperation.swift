/// An operation that has been ordered and may not have happened yet.
///
/// Calls take their place in a backend's order when they are made, so a pass and the optimizer step
/// after it can both be ordered before either is awaited.
public struct TrainingOperation<Value: Sendable>: Sendable {
  private let acknowledgement: @Sendable () async throws -> Void
  private let result: @Sendable () async throws -> Value
  private let limited: @Sendable (Duration) async throws -> Value
  private let abandon: @Sendable () -> Void

  /// An operation by what waits for it. Both may be called more than once.
  ///
  /// - Parameters:
  ///   - submitted: Waits until the backend has accepted the operation.
  ///   - value: Waits for the result.
  public init(
    submitted: @escaping @Sendable () async throws -> Void,
    value: @escaping @Sendable () async throws -> Value
  ) {
    acknowledgement = submitted
    result = value
    limited = { try await PendingResult(running: value).value(timeout: $0) }
    abandon = {}
  }

  /// An operation whose result someone completes.
  public init(_ pending: PendingResult<Value>) {
    acknowledgement = { try await pending.submitted }
    result = { try await pending.value }
    limited = { try await pending.value(timeout: $0) }
    abandon = { pending.cancel() }
  }

  /// Waits until the backend has accepted the operation.
  ///
  /// - Throws: The backend's error if it did not.
  public var submitted: Void {
    get async throws { try await acknowledgement() }
  }

  /// The result.
  ///
  /// - Throws: The backend's error if the operation failed.
  public var value: Value {
    get async throws { try await result() }
  }

  /// The result, awaited for a limited time. When the time is over the operation goes on.
  ///
  /// - Throws: ``PendingResultTimeout`` when the time is over, else the backend's error.
  public func value(timeout: Duration) async throws -> Value { try await limited(timeout) }

  /// Abandons waiting: everybody who awaits the value gets a `CancellationError`. The operation itself
  /// keeps its place in the order and happens.
  public func cancel() { abandon() }
}
