extension Tokenizer {
  /// Takes out the spaces before punctuation and contractions, as `transformers` does behind decoding
  /// when `clean_up_tokenization_spaces` is set: `do n't .` becomes `don't.`
  ///
  /// ``decode(_:skipSpecialTokens:)`` never does this, because it changes what the ids say.
  public static func cleaningUpSpaces(in text: String) -> String {
    var bytes = Array(text.utf8)
    for (pattern, replacement) in spaceRules {
      bytes = replacing(Array(pattern.utf8), by: Array(replacement.utf8), in: bytes)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The replacements, each over the whole text before the next one.
  private static let spaceRules = [
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
    (" 'm", "'m"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
  ]

  private static func replacing(
    _ pattern: [UInt8], by replacement: [UInt8], in text: [UInt8]
  ) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      if text[index] == pattern[0], text[index...].starts(with: pattern) {
        out.append(contentsOf: replacement)
        index += pattern.count
      } else {
        out.append(text[index])
        index += 1
      }
    }
    return out
  }
}
