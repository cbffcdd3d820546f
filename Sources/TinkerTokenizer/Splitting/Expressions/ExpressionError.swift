/// Why a regular expression is refused.
enum ExpressionError: Error, Sendable {
  /// It is no expression, or the engine refuses it.
  case malformed(expected: String)
  /// It asks for something that is not done here.
  case unsupported(String)
}
