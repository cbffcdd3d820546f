/// GPT-2.
extension SchemeCursor {
  /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
  func endOfGPT2Piece(at start: Int) -> Int {
    if let end = endOfContraction(at: start, ignoringCase: false) { return end }
    let word = text[start] == 0x20 ? start + 1 : start
    let traits = traits(at: word)
    if traits.has([.whiteSpace, .end]) { return endOfPlainWhiteSpace(from: start) }
    if traits.has(.letter) { return endOfLetters(from: word) }
    if traits.has(.number) { return endOfRun(from: word, of: .number) }
    return endOfRun(from: word, withoutAny: [.whiteSpace, .letter, .number])
  }
}
