/// One step of a pre-tokenizer; it works on each piece that the step before it left.
struct SplitStep: Sendable {
  /// What is looked for.
  enum Target: Sendable {
    case scheme(SplitScheme)
    case pattern(TextPattern)
    /// Single characters of a set.
    case characters(CodePointSet)
  }

  var target: Target
  var behavior: DelimiterBehavior
  /// Whether matches and what lies between them change places.
  var isInverted = false

  /// Splits some pieces of a text.
  func split(_ text: Span<UInt8>, pieces: [Range<Int>]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    result.reserveCapacity(pieces.count * 2)
    var stretches: [Stretch] = []
    var buffer = PieceBuffer()
    for piece in pieces {
      stretches.removeAll(keepingCapacity: true)
      find(in: text.extracting(piece), at: piece.lowerBound, &stretches, &buffer)
      behavior.append(stretches, to: &result)
    }
    return result
  }

  /// Appends the matches in a piece and what lies between them, as places of the text.
  private func find(
    in piece: Span<UInt8>, at offset: Int, _ stretches: inout [Stretch],
    _ buffer: inout PieceBuffer
  ) {
    var end = 0
    func add(_ match: Range<Int>) {
      if end < match.lowerBound { addStretch(end..<match.lowerBound, false) }
      addStretch(match, true)
      end = match.upperBound
    }
    func addStretch(_ range: Range<Int>, _ isMatch: Bool) {
      let place = (offset + range.lowerBound)..<(offset + range.upperBound)
      stretches.append(Stretch(range: place, isMatch: isMatch != isInverted))
    }
    switch target {
    case .scheme(let scheme):
      buffer.removeAll()
      scheme.split(piece, into: &buffer)
      for index in 0..<buffer.count { add(buffer[index]) }
    case .pattern(let pattern):
      for match in pattern.matches(in: piece) { add(match) }
    case .characters(let set):
      var start = 0
      while start < piece.count {
        let character = piece.codePoint(at: start)
        let next = start + character.length
        if set.contains(character.codePoint) { add(start..<next) }
        start = next
      }
    }
    if end < piece.count { addStretch(end..<piece.count, false) }
  }
}
