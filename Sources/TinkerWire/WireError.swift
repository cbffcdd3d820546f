public import TinkerData

/// Why bytes are not a message of the protocol, or a value cannot be sent by it.
public enum WireError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A body is not the JSON or protobuf that is expected there.
  case malformed(String, what: String)
  /// A value has no form on the wire.
  case unsupported(String)
  /// A member is missing or of another type.
  case field(DataError)

  /// The sentence.
  public var description: String {
    switch self {
    case .malformed(let what, let why): "\(what): \(why)"
    case .unsupported(let sentence): sentence
    case .field(let error): error.description
    }
  }
}
