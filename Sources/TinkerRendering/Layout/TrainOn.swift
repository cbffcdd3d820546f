/// Which messages of a conversation are trained.
public enum TrainOn: String, Sendable, Hashable, CaseIterable {
  /// The last message, if it is an assistant's.
  case lastAssistantMessage = "last_assistant_message"
  /// Every assistant message after the last user message.
  case lastAssistantTurn = "last_assistant_turn"
  /// Every assistant message.
  case allAssistantMessages = "all_assistant_messages"
  /// Every message, without its header.
  case allMessages = "all_messages"
  /// Every token but the beginning-of-sequence token.
  case allTokens = "all_tokens"
  /// Every user and system message.
  case allUserAndSystemMessages = "all_user_and_system_messages"
  /// The messages whose `trainable` is true; every message must say.
  case customized
}
