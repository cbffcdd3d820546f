/// Why a value is not what a training service takes.
public enum DataError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A member is missing, or holds something else than is expected there.
  case unexpected(String, at: String)
  /// A tensor's shape, elements or sparse indices do not agree.
  case tensor(String)
  /// Provenance spans do not tile what they describe.
  case spans(String)
  /// A parameter is outside its range.
  case parameter(name: String, String)

  /// The sentence.
  public var description: String {
    switch self {
    case .unexpected(let expected, let path): "\(path): expected \(expected)"
    case .tensor(let sentence), .spans(let sentence): sentence
    case .parameter(let name, let sentence): "\(name): \(sentence)"
    }
  }
}
