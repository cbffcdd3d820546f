/// A splitting pattern that has a scanner of its own, recognised by the text of the pattern.
///
/// Each scheme finds a match at every place, but for ``deepSeek``, whose gaps are pieces as well.
enum SplitScheme: Sendable, Hashable, CaseIterable {
  /// GPT-2, in every `ByteLevel` with `use_regex`.
  case gpt2
  /// Llama 3.
  case cl100k
  /// Qwen 2, 2.5 and 3: numbers one by one.
  case qwen2
  /// Qwen 3.5: marks are letters.
  case qwen35
  /// gpt-oss: words are cut where their case changes.
  case o200k
  /// Kimi K2: as ``o200k``, and Han apart.
  case kimi
  /// DeepSeek V3, R1 and V4: three splits in a row.
  case deepSeek
}

extension SplitScheme {
  /// Appends all pieces of a text.
  ///
  /// - Returns: all that ``NormalFormTables/check`` says of the characters of the text, or every bit where
  ///   the scanner does not look.
  @discardableResult
  func split(_ text: Span<UInt8>, into pieces: inout PieceBuffer) -> UInt8 {
    switch self {
    case .cl100k:
      return WordBlockScanner.split(text, .letters, numberLimit: 3, into: &pieces)
    case .qwen2:
      return WordBlockScanner.split(text, .letters, numberLimit: 1, into: &pieces)
    case .qwen35:
      return WordBlockScanner.split(text, .markedLetters, numberLimit: 1, into: &pieces)
    case .deepSeek: return DeepSeekBlockScanner.split(text, into: &pieces)
    case .gpt2: each(of: text, into: &pieces) { $1.endOfGPT2Piece(at: $0) }
    case .o200k: each(of: text, into: &pieces) { $1.endOfCasePiece(at: $0, isKimi: false) }
    case .kimi: each(of: text, into: &pieces) { $1.endOfCasePiece(at: $0, isKimi: true) }
    }
    return .max
  }

  /// Whether ``split(_:into:)`` looks at the normal forms of characters.
  var looksAtNormalForms: Bool {
    switch self {
    case .cl100k, .qwen2, .qwen35, .deepSeek: true
    case .gpt2, .o200k, .kimi: false
    }
  }

  /// Appends piece after piece, each as long as a scheme says.
  @inline(__always)
  private func each(
    of text: Span<UInt8>, into pieces: inout PieceBuffer,
    _ endOfPiece: (Int, borrowing SchemeCursor) -> Int
  ) {
    let cursor = SchemeCursor(text)
    var start = 0
    while start < text.count {
      start = endOfPiece(start, cursor)
      pieces.append(end: start)
    }
  }
}
