public import TinkerJSON

/// What can go wrong with a tokenizer: its files, or ids that it does not have.
public enum TokenizerError: Error, Sendable, Hashable {
  /// The file cannot be read.
  case unreadableFile(path: String, reason: String)
  /// The file is not JSON, or a value in it has another type than its field needs.
  case json(file: String, field: String, error: JSONError)
  /// A field that must be there is not.
  case missingField(file: String, field: String)
  /// A field asks for something that this tokenizer does not do.
  case unsupported(field: String, value: String)
  /// A field holds a value that makes no sense there.
  case invalidValue(field: String, value: String, expected: String)
  /// A merge or a template names a token that the vocabulary does not have.
  case tokenOutOfVocabulary(field: String, token: String)
  /// Something is larger than the stated limit.
  case tooLarge(field: String, count: Int, limit: Int)
  /// An id at this position names no token; thrown by the strict decoder.
  case unknownID(UInt32, position: Int)
  /// The ids at this position change text that the streaming decoder has already given out.
  case textChanged(position: Int)
}

extension TokenizerError: CustomStringConvertible {
  /// A sentence that names the place and what was expected.
  public var description: String {
    switch self {
    case .unreadableFile(let path, let reason):
      "\(path) cannot be read: \(reason)"
    case .json(let file, let field, let error):
      field.isEmpty ? "\(file): \(error)" : "\(file): in \(field): \(error)"
    case .missingField(let file, let field):
      "\(file): the field \(field) is missing"
    case .unsupported(let field, let value):
      "\(field) is \(value), which is not supported"
    case .invalidValue(let field, let value, let expected):
      "\(field) is \(value); expected \(expected)"
    case .tokenOutOfVocabulary(let field, let token):
      "\(field) names the token `\(token)`, which is not in the vocabulary"
    case .tooLarge(let field, let count, let limit):
      "\(field) is \(count); the limit is \(limit)"
    case .unknownID(let id, let position):
      "the id \(id) at position \(position) names no token"
    case .textChanged(let position):
      "the id at position \(position) changes text that was already given out"
    }
  }
}
