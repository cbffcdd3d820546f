/// Why the embedded engine cannot do what it was asked.
public enum LocalError: Error, Sendable, Hashable {
  /// A file cannot be read or written.
  case file(path: String, problem: String)
  /// A model's files do not describe a model that the engine runs.
  case model(path: String, problem: String)
  /// A request cannot be carried out as it stands; the caller can correct it.
  case request(String)
  /// A computation left the range of numbers; nothing was changed.
  case numbers(String)

  /// Whether the caller made the mistake.
  public var isUserError: Bool {
    switch self {
    case .request, .numbers: true
    case .file, .model: false
    }
  }
}

extension LocalError: CustomStringConvertible {
  /// A sentence that names the place and what was expected.
  public var description: String {
    switch self {
    case .file(let path, let problem): "\(path): \(problem)"
    case .model(let path, let problem): "\(path): \(problem)"
    case .request(let sentence): sentence
    case .numbers(let sentence): sentence
    }
  }
}
