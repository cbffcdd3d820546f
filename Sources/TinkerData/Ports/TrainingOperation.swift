/// An operation that has been ordered and may not have happened yet.
///
/// Calls take their place in a backend's order when they are made, so a pass and the optimizer step
/// after it can both be ordered before either is awaited.
public struct TrainingOperation<Value: Sendable>: Sendable {
  private let acknowledgement: @Sendable () async throws -> Void
  private let result: @Sendable () async throws -> Value

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
  }

  /// Waits until the backend has accepted the operation.
  ///
  /// - Throws: The backend's error if it did not.
  public func submitted() async throws { try await acknowledgement() }

  /// The result.
  ///
  /// - Throws: The backend's error if the operation failed.
  public var value: Value {
    get async throws { try await result() }
  }
}
