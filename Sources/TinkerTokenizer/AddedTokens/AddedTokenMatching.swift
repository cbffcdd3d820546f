/// Which added tokens (`<|im_start|>`, `<think>`) are recognised inside a text.
public enum AddedTokenMatching: Sendable, Hashable, CaseIterable {
  /// All of them become their ids. This is the reference's default.
  case match
  /// Those marked `special` stay text; the others still match (the reference's
  /// `encode_special_tokens`). Many control tokens, `<think>` among them, are not marked.
  case literal
  /// None matches, so text that a user wrote can never become a control token.
  case none
}
