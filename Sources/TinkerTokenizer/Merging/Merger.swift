/// Merges the symbols of one piece: among all neighbours that have a rule the one of least rank
/// first, the leftmost of equals.
///
/// Three ways lead to the same tokens. Up to 16 symbols the minimum of all pairs is taken anew in
/// each round; up to 256 symbols the pairs lie in blocks of 16 with a minimum for each block; longer
/// pieces keep a heap, which makes the time n log n for any input. All read the same ``MergeTable``.
struct Merger: ~Copyable, Sendable {
  private var memory = MergeBuffer()

  /// The number of tokens of the last piece.
  private(set) var count = 0

  /// The first symbol of a token of the last piece.
  func start(of token: Int) -> Int { memory.start(of: token) }

  /// The token of the last piece, if it is one.
  var onlyToken: UInt32? { count == 1 ? memory.tokens(1).first : nil }

  /// Where the parts of the last merge met, if the last piece is one token of several symbols.
  var lastMiddle: Int { memory.lastMiddle }

  /// Appends the tokens of the last piece.
  func appendTokens(to ids: inout [UInt32]) { ids.append(contentsOf: memory.tokens(count)) }

  /// Merges the bytes of a piece.
  mutating func merge(bytes: Span<UInt8>, _ table: borrowing MergeTable) {
    memory.prepare(bytes.count)
    count = unsafe table.withKernel { kernel in
      unsafe memory.withPointers { memory in
        unsafe memory.fill(bytes, kernel)
        return unsafe Self.merge(bytes.count, memory, kernel)
      }
    }
  }

  /// Merges symbols.
  mutating func merge(symbols: [UInt32], _ table: borrowing MergeTable) {
    memory.prepare(symbols.count)
    count = unsafe table.withKernel { kernel in
      unsafe memory.withPointers { memory in
        unsafe memory.fill(symbols.span, kernel)
        return unsafe Self.merge(symbols.count, memory, kernel)
      }
    }
  }

  private static func merge(
    _ count: Int, _ memory: MergeBuffer.Pointers, _ kernel: MergeKernel
  ) -> Int {
    if count <= ShortMergeKernel.limit {
      return unsafe ShortMergeKernel.merge(count, memory, kernel)
    }
    if count <= BlockMergeKernel.limit {
      return unsafe BlockMergeKernel.merge(count, memory, kernel)
    }
    return unsafe HeapMergeKernel.merge(count, memory, kernel)
  }
}
