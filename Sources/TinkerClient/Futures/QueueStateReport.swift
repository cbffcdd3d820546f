public import TinkerWire

/// What the server does with a request that is not finished.
public struct QueueStateReport: Sendable, Hashable, CustomStringConvertible {
  /// The operation, for example `forward_backward of run:train:0`.
  public let operation: String
  /// What the server does.
  public let state: QueueState
  /// The server's reason, if it gives one.
  public let reason: String?
  /// How long the operation has been waited for.
  public let waited: Duration

  /// The sentence.
  public var description: String {
    "\(operation) is \(state)\(reason.map { " (\($0))" } ?? "") "
      + "and has been waited for \(Int(waited.inSeconds)) s"
  }
}
