/// Where a message stands among the others, as far as a family may ask.
public struct RenderContext: Sendable {
  /// The messages of the conversation, normalized; the first has index 0.
  public let messages: ArraySlice<Message>
  /// The index of the message; the number of messages for the one that a prompt asks for.
  public let index: Int
  /// Whether it is the last message, or the one that a prompt asks for.
  public let isLast: Bool
  /// The index of the last message of role `user`, or -1.
  public let lastUserIndex: Int
  /// Whether the message belongs to the turn that answers the last user message.
  public let isInLastAssistantTurn: Bool
  /// The index of the last message whose reasoning is left out, or -1; see `NormalizedMessages`.
  public let lastDroppedReasoning: Int

  /// The message before, or `nil`.
  public var previous: Message? { index > messages.startIndex ? messages[index - 1] : nil }
  /// The message after, or `nil`.
  public var next: Message? { index + 1 < messages.endIndex ? messages[index + 1] : nil }
  /// Whether the message before is a tool's.
  public var followsTool: Bool {
    index > messages.startIndex && messages[index - 1].role == Role.tool
  }

  /// The index of the last message of role `user`, or -1.
  static func lastUserIndex(in messages: ArraySlice<Message>) -> Int {
    messages.lastIndex { $0.role == Role.user } ?? -1
  }
}
