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

  /// The end of the piece that begins at an index before the end of the text.
  @inline(__always)
  func endOfPiece(at index: Int, in cursor: borrowing SchemeCursor) -> Int {
    switch self {
    case .gpt2: cursor.endOfGPT2Piece(at: index)
    case .cl100k: cursor.endOfWordPiece(at: index, letters: .letter, numbers: 3)
    case .qwen2: cursor.endOfWordPiece(at: index, letters: .letter, numbers: 1)
    case .qwen35: cursor.endOfWordPiece(at: index, letters: [.letter, .mark], numbers: 1)
    case .o200k: cursor.endOfCasePiece(at: index, isKimi: false)
    case .kimi: cursor.endOfCasePiece(at: index, isKimi: true)
    case .deepSeek: cursor.endOfDeepSeekPiece(at: index)
    }
  }
}

extension SplitScheme {
  /// Appends all pieces of a text.
  func split(_ text: Span<UInt8>, into pieces: inout PieceBuffer) {
    let cursor = SchemeCursor(text)
    var start = 0
    while start < text.count {
      start = endOfPiece(at: start, in: cursor)
      pieces.append(end: start)
    }
  }
}
