/// A parsed regular expression. Groups that only hold things together are gone.
indirect enum ExpressionNode: Sendable, Hashable {
  /// One character of a set.
  case character(CodePointSet)
  case sequence([ExpressionNode])
  case alternatives([ExpressionNode])
  case repetition(ExpressionNode, count: RepetitionCount, mode: RepetitionMode)
  /// A group that is not entered again once it has matched.
  case atomic(ExpressionNode)
  case look(Look, ExpressionNode)
  case assertion(Assertion)

  static let empty = sequence([])
}

/// How often something may stand in a row.
struct RepetitionCount: Sendable, Hashable {
  var minimum: Int
  /// `nil` for any number.
  var maximum: Int?
}

/// Which number of repetitions is tried first.
enum RepetitionMode: Sendable, Hashable {
  case greedy
  case lazy
  /// Greedy, and nothing is given back.
  case possessive
}

/// A look at the text around a place.
enum Look: String, Sendable, Hashable {
  case ahead = "(?="
  case notAhead = "(?!"
  case behind = "(?<="
  case notBehind = "(?<!"
}

/// A condition on a place of the text.
enum Assertion: Sendable, Hashable {
  case textStart
  case textEnd
  /// The end, or before a newline that ends the text.
  case lastLineEnd
  case lineStart
  case lineEnd
  case wordBorder
  case noWordBorder
}
