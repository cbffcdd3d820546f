/// A token with a role, as `tokenizer_config.json` names it.
public struct SpecialToken: Sendable, Hashable {
  /// The token's text.
  public let text: String
  /// Its id, or `nil` if the tokenizer has no such token.
  public let id: UInt32?
}
