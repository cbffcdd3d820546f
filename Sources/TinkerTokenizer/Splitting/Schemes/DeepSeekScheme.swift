/// DeepSeek's three splits as one.
extension SchemeCursor {
  /// Numbers in threes, then runs of ideographs (kana included), and then, inside each run and each
  /// stretch between runs and numbers:
  /// `ASCII symbol [A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+`
  /// `|\s+(?!\S)|\s+`. What is left over between matches is a piece as well.
  func endOfDeepSeekPiece(at start: Int) -> Int {
    let first = traits(at: start)
    if first.has(.number) { return endOfNumbers(from: start, atMost: 3) }
    let isIdeograph = first.has(.ideograph)
    let second = after(start)
    let next = traits(at: second, isIdeograph: isIdeograph)
    if first.has(.asciiSymbol), next.has(.asciiLetter) {
      return endOfASCIILetters(from: second)
    }
    if first.has(Self.word) { return endOfWord(from: start, isIdeograph) }
    if !first.has([.newline, .symbol]), next.has(Self.word) {
      return endOfWord(from: second, isIdeograph)
    }
    if first.has(.symbol) || text[start] == 0x20 && next.has(.symbol) {
      let end = endOfRun(from: second, of: .symbol, isIdeograph)
      return isIdeograph ? end : endOfBytes(from: end) { $0 == 0x0A || $0 == 0x0D }
    }
    if first.has(.whiteSpace) { return endOfWhiteSpace(from: start, stop: [.number, .ideograph]) }
    return endOfDeepSeekGap(from: second, isIdeograph)
  }

  private static var word: CharacterTraits { [.letter, .mark] }

  /// The traits of the character at an index; `end` if it lies in another stretch.
  private func traits(at index: Int, isIdeograph: Bool) -> CharacterTraits {
    let traits = traits(at: index)
    return traits.has(.number) || traits.has(.ideograph) != isIdeograph ? .end : traits
  }

  private func endOfWord(from start: Int, _ isIdeograph: Bool) -> Int {
    var index = start
    while true {
      if !isIdeograph { index = endOfASCIILetters(from: index) }
      guard traits(at: index, isIdeograph: isIdeograph).has(Self.word) else { return index }
      index = after(index)
    }
  }

  private func endOfRun(
    from start: Int, of wanted: CharacterTraits, _ isIdeograph: Bool
  ) -> Int {
    var index = start
    while traits(at: index, isIdeograph: isIdeograph).has(wanted) { index = after(index) }
    return index
  }

  /// Controls and the like: the last one before a word belongs to the word.
  private func endOfDeepSeekGap(from start: Int, _ isIdeograph: Bool) -> Int {
    let matched: CharacterTraits = [.letter, .mark, .symbol, .whiteSpace, .end]
    var index = start
    while !traits(at: index, isIdeograph: isIdeograph).has(matched) {
      let next = after(index)
      if traits(at: next, isIdeograph: isIdeograph).has(Self.word) { return index }
      index = next
    }
    return index
  }
}
