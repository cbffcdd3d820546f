import TinkerTokenizer

/// Content that must not become control tokens.
extension TokenWriter {
  /// What may match in the caller's text: nothing in text from outside; tags that are not special in
  /// other text, where they are the format's own way of writing.
  private var contentMatching: AddedTokenMatching? {
    if isForeign { return AddedTokenMatching.none }
    return mode == .strict ? .literal : nil
  }

  /// Encodes the pieces of a chunk with the caller's text apart from the template's, if text of the
  /// caller spells an added token; merges then do not cross their border.
  ///
  /// - Returns: `false` if no text does, and nothing was encoded.
  mutating func encodeLiterally(_ addedTokens: AddedTokenMatching, startsChunk: Bool) -> Bool {
    guard let matching = contentMatching else { return false }
    let runs = contentRuns()
    guard runs.contains(where: { $0.isContent && spellsToken($0.text, matching) }) else {
      return false
    }
    var startsChunk = startsChunk
    for run in runs {
      let start = tokens.count
      encoder.append(run.text, to: &tokens, addedTokens: run.isContent ? matching : addedTokens)
      if tokens.count == start { continue }
      record(
        start..<tokens.count, kind: run.kind, isContent: run.isContent, startsChunk: startsChunk)
      startsChunk = run.kind == .header
    }
    return true
  }

  /// The pieces with neighbours of the caller joined: two of them could spell a token together.
  private func contentRuns() -> [(text: String, kind: SegmentKind, isContent: Bool)] {
    var runs: [(text: String, kind: SegmentKind, isContent: Bool)] = []
    for piece in pieces {
      if piece.isContent, let last = runs.last, last.isContent {
        runs[runs.count - 1].text += piece.text
      } else {
        runs.append((String(piece.text), piece.kind, piece.isContent))
      }
    }
    return runs
  }

  /// Whether a token matches in the text that must not.
  func spellsToken(_ text: String, _ matching: AddedTokenMatching) -> Bool {
    var ids: [UInt32] = []
    encoder.append(text, to: &ids)
    return ids.contains { matching == .none ? tokenizer.isAdded($0) : tokenizer.isSpecial($0) }
  }
}
