/// The schemes that cut words where their case changes: o200k and Kimi.
extension SchemeCursor {
  /// With U = `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`, V = `[\p{Ll}\p{Lm}\p{Lo}\p{M}]` and Q the contractions:
  /// `[^\r\n\p{L}\p{N}]?U*V+Q?|[^\r\n\p{L}\p{N}]?U+V*Q?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+`
  /// `|\s+(?!\S)|\s+`. Kimi puts `[\p{Han}]+|` first, takes Han out of U and V, and has no slash.
  func endOfCasePiece(at start: Int, isKimi: Bool) -> Int {
    let first = traits(at: start)
    if isKimi, first.has(.han) { return endOfRun(from: start, of: .han) }
    if let end = endOfCasedWord(at: start, first, without: isKimi ? .han : []) {
      return endOfContraction(at: end, ignoringCase: true) ?? end
    }
    if first.has(.number) { return endOfNumbers(from: start, atMost: 3) }
    let unwanted: CharacterTraits = [.whiteSpace, .letter, .number]
    let symbols = text[start] == 0x20 ? start + 1 : start
    if traits(at: symbols).has(unwanted.union(.end)) { return endOfWhiteSpace(from: start) }
    let end = endOfRun(from: symbols, withoutAny: unwanted)
    return endOfBytes(from: end) { $0 == 0x0A || $0 == 0x0D || $0 == 0x2F && !isKimi }
  }

  /// The first two alternatives without the contraction. A character in front is tried first, and both
  /// ways of `U*V+` come before `U+V*`.
  private func endOfCasedWord(
    at start: Int, _ first: CharacterTraits, without han: CharacterTraits
  ) -> Int? {
    let mayPrecede = !first.has([.newline, .letter, .number])
    let second = after(start)
    if mayPrecede, let end = endOfMixedCase(from: second, without: han) { return end }
    if let end = endOfMixedCase(from: start, without: han) { return end }
    let word = mayPrecede ? second : start
    let end = endOfRun(from: word, of: .upper, without: han)
    return end > word ? end : nil
  }

  /// `U*V+`: all of U that is there, and then V; where no V follows, U gives back up to a character that
  /// is both.
  private func endOfMixedCase(from start: Int, without han: CharacterTraits) -> Int? {
    var index = start
    var lastOfBoth: Int?
    while true {
      let traits = traits(at: index)
      guard traits.has(.upper), !traits.has(han) else { break }
      index = after(index)
      if traits.has(.lower) { lastOfBoth = index }
    }
    let end = endOfLowerCase(from: index, without: han)
    return end > index ? end : lastOfBoth
  }

  private func endOfLowerCase(from start: Int, without han: CharacterTraits) -> Int {
    var index = start
    while true {
      while index < text.count, text[index] &- UInt8(ascii: "a") < 26 { index &+= 1 }
      let traits = traits(at: index)
      guard traits.has(.lower), !traits.has(han) else { return index }
      index = after(index)
    }
  }
}
