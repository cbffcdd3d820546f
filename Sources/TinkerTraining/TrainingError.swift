/// Why a recipe cannot go on.
public enum TrainingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A setting is outside its range, or has no effect.
  case setting(name: String, String)
  /// A data set cannot be trained on.
  case data(place: String, String)
  /// A log of a run cannot be read.
  case log(path: String, String)
  /// The backend left out what the recipe needs.
  case backend(String)

  /// The sentence.
  public var description: String {
    switch self {
    case .setting(let name, let sentence): "\(name): \(sentence)"
    case .data(let place, let sentence): "\(place): \(sentence)"
    case .log(let path, let sentence): "\(path): \(sentence)"
    case .backend(let sentence): sentence
    }
  }
}
