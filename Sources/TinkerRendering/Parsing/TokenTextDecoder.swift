import TinkerTokenizer

/// Text from tokens as they arrive, without halves of characters.
///
/// What ends in U+FFFD may be the beginning of a character and is held back, a genuine U+FFFD too.
struct TokenTextDecoder: Sendable {
  /// The most tokens that a split of a held-back run leaves pending.
  private static let pendingLimit = 8

  let tokenizer: Tokenizer
  private var pending: [UInt32] = []

  init(_ tokenizer: Tokenizer) {
    self.tokenizer = tokenizer
  }

  /// The text that a token completes, perhaps empty; `nil` while it is held back.
  mutating func decode(_ token: UInt32) -> String? {
    pending.append(token)
    let text = tokenizer.decode(pending)
    if !Self.endsInReplacement(text) {
      pending.removeAll(keepingCapacity: true)
      return text
    }
    for count in 1...min(pending.count, Self.pendingLimit) {
      let prefix = pending.dropLast(count)
      if prefix.isEmpty { break }
      let text = tokenizer.decode(Array(prefix))
      if !Self.endsInReplacement(text) {
        pending.removeFirst(pending.count - count)
        return text
      }
    }
    return nil
  }

  /// The text of what is held back.
  mutating func flush() -> String {
    if pending.isEmpty { return "" }
    defer { pending.removeAll() }
    return tokenizer.decode(pending)
  }

  private static func endsInReplacement(_ text: String) -> Bool {
    text.unicodeScalars.last == "\u{FFFD}"
  }
}
