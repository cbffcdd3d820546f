/// DeepSeek's three splits as one.
extension SchemeCursor {
  /// Numbers in threes, then ideographs, then, with both as ends of the text:
  /// `ASCII symbol [A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+`
  /// `|\s+(?!\S)|\s+`. What is left over between matches is a piece as well.
  func endOfDeepSeekPiece(at start: Int) -> Int {
    let first = traits(at: start)
    if first.has(.number) { return endOfNumbers(from: start, atMost: 3) }
    if first.has(.ideograph) { return endOfRun(from: start, of: .ideograph) }
    let second = after(start)
    let next = traits(at: second)
    if first.has(.asciiSymbol), next.has(.asciiLetter) {
      return endOfRun(from: second, of: .asciiLetter)
    }
    if first.has([.letter, .mark]) { return endOfDeepSeekWord(from: start) }
    if !first.has([.newline, .symbol]), isDeepSeekWord(next) {
      return endOfDeepSeekWord(from: second)
    }
    if first.has(.symbol) || text[start] == 0x20 && next.has(.symbol) {
      let end = endOfRun(from: first.has(.symbol) ? start : second, of: .symbol)
      return endOfBytes(from: end) { $0 == 0x0A || $0 == 0x0D }
    }
    if first.has(.whiteSpace) { return endOfWhiteSpace(from: start, stop: [.number, .ideograph]) }
    return endOfDeepSeekGap(from: second)
  }

  private func isDeepSeekWord(_ traits: CharacterTraits) -> Bool {
    traits.has([.letter, .mark]) && !traits.has(.ideograph)
  }

  private func endOfDeepSeekWord(from start: Int) -> Int {
    endOfRun(from: start, of: [.letter, .mark], without: .ideograph)
  }

  /// Controls and the like: the last one before a word belongs to the word.
  private func endOfDeepSeekGap(from start: Int) -> Int {
    let matched: CharacterTraits = [
      .letter, .mark, .number, .symbol, .whiteSpace, .ideograph, .end,
    ]
    var index = start
    while !traits(at: index).has(matched) {
      let next = after(index)
      if isDeepSeekWord(traits(at: next)) { return index }
      index = next
    }
    return index
  }
}
