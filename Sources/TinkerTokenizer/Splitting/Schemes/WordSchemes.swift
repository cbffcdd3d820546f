/// The schemes that know words without case: GPT-2, and the family of cl100k.
extension SchemeCursor {
  /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
  func endOfGPT2Piece(at start: Int) -> Int {
    if let end = endOfContraction(at: start, ignoringCase: false) { return end }
    let word = text[start] == 0x20 ? start + 1 : start
    let traits = traits(at: word)
    if traits.has([.whiteSpace, .end]) { return endOfPlainWhiteSpace(from: start) }
    if traits.has(.letter) { return endOfLetters(from: word, .letter) }
    if traits.has(.number) { return endOfRun(from: word, of: .number) }
    return endOfRun(from: word, withoutAny: [.whiteSpace, .letter, .number])
  }

  /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?L+|\p{N}{1,n}| ?[^\sL\p{N}]+[\r\n]*|\s*[\r\n]+`
  /// `|\s+(?!\S)|\s+`, where L stands for letters, or letters and marks.
  func endOfWordPiece(at start: Int, letters: CharacterTraits, numbers: Int) -> Int {
    if let end = endOfContraction(at: start, ignoringCase: true) { return end }
    let first = traits(at: start)
    if first.has(letters) { return endOfLetters(from: start, letters) }
    if first.has(.number) { return endOfNumbers(from: start, atMost: numbers) }
    let second = after(start)
    if !first.has(.newline), traits(at: second).has(letters) {
      return endOfLetters(from: second, letters)
    }
    return endOfOtherPiece(at: start, letters: letters)
  }

  /// ` ?[^\sL\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
  private func endOfOtherPiece(at start: Int, letters: CharacterTraits) -> Int {
    let unwanted = letters.union([.whiteSpace, .number])
    let symbols = text[start] == 0x20 ? start + 1 : start
    if traits(at: symbols).has(unwanted.union(.end)) { return endOfWhiteSpace(from: start) }
    let end = endOfRun(from: symbols, withoutAny: unwanted)
    return endOfBytes(from: end) { $0 == 0x0A || $0 == 0x0D }
  }
}
