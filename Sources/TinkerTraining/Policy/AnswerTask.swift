public import TinkerRendering

/// A question with a known answer: one turn, rewarded with 1 or 0.
public struct AnswerTask: ChatTask {
  /// When an answer is right.
  public enum Match: String, Sendable, Hashable, CaseIterable {
    /// It is the expected text and nothing else, and it ended as it should.
    case exact
    /// The expected text occurs in it.
    case contains
  }

  /// The question.
  public let opening: [Message]
  private let expected: String
  private let match: Match

  /// A question.
  public init(_ question: [Message], expected: String, match: Match = .exact) {
    opening = question
    self.expected = expected
    self.match = match
  }

  /// Judges the answer.
  public func reply(to response: ParsedResponse) -> ChatReply {
    let text = response.message.content.joinedText
    let isRight =
      switch match {
      case .exact: response.termination.isClean && text.utf8.elementsEqual(expected.utf8)
      case .contains: text.contains(expected)
      }
    return ChatReply(
      reward: isRight ? 1 : 0,
      metrics: ["correct": isRight ? 1 : 0, "ended": response.termination.isClean ? 1 : 0])
  }
}

extension EnvironmentGroup {
  /// The samples of one ``AnswerTask``.
  public init(_ task: AnswerTask, title: String, expected: String, renderer: Renderer) {
    self.init(title: title, expected: expected) { _ in ChatEnvironment(task, renderer: renderer) }
  }
}
