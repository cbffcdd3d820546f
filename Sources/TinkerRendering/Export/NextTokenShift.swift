/// Where an example is cut so that each position of the input predicts the next token.
///
/// Images at the end predict nothing and vanish with their chunks; the input then lacks the last
/// token, and targets and weights lack the first. All three are equally long.
struct NextTokenShift {
  /// A chunk of the input.
  enum Chunk {
    /// Positions of the flat tokens.
    case tokens(Range<Int>)
    /// The index of an image.
    case image(Int)
  }

  /// The positions that are targets.
  let targets: Range<Int>
  /// The chunks of the input, without empty ones.
  let chunks: [Chunk]

  /// - Throws: `RenderingError` of kind `conversation` for fewer than two tokens.
  init(_ example: SupervisedExample) throws(RenderingError) {
    let last = example.segments.last { $0.kind != .image && !$0.range.isEmpty }
    let end = last?.range.upperBound ?? 0
    guard end >= 2 else {
      throw RenderingError(
        .conversation, "the example has fewer than two tokens, so there is nothing to predict")
    }
    targets = 1..<end
    var chunks: [Chunk] = []
    var image = 0
    // Where the chunk of the present tokens began; segments share chunks.
    var chunkIsOpen = false
    for segment in example.segments where segment.range.lowerBound < end - 1 {
      if segment.startsChunk { chunkIsOpen = false }
      if segment.kind == .image {
        chunks.append(.image(image))
        image += 1
        chunkIsOpen = false
        continue
      }
      let range = segment.range.clamped(to: 0..<end - 1)
      if range.isEmpty { continue }
      if chunkIsOpen, case .tokens(let open) = chunks.last {
        chunks[chunks.count - 1] = .tokens(open.lowerBound..<range.upperBound)
      } else {
        chunks.append(.tokens(range))
        chunkIsOpen = true
      }
    }
    self.chunks = chunks
  }
}
