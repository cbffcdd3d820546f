/// Why the local server cannot be started.
public enum ServerError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A setting is wrong; the sentence says which and what is expected.
  case settings(String)
  /// The port cannot be taken.
  case address(String)
  /// The folder of the state cannot be used.
  case state(String)

  /// The sentence.
  public var description: String {
    switch self {
    case .settings(let sentence), .address(let sentence), .state(let sentence): sentence
    }
  }
}
