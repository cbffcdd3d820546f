/// Turns a piece of text into ids by its characters: for models that do not work on bytes, or that do
/// not know every byte. Nothing is kept from piece to piece.
struct CharacterEncoder: ~Copyable, Sendable {
  private var merger = Merger()
  private var characters = CharacterSymbols()
  private var mapped: [UInt8] = []
  /// The end of each token of the last piece, in bytes of the model's text.
  private var ends: [Int] = []
  /// For each byte of the model's text the byte of the piece; empty where they are the same.
  private var origins: [Int] = []

  /// Appends the ids of a piece.
  mutating func append(
    _ piece: Span<UInt8>, _ core: borrowing TokenizerCore, to ids: inout [UInt32]
  ) {
    origins.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    guard core.preTokenizer.endsInByteLevel else {
      appendSymbols(of: piece, core.model, to: &ids)
      return
    }
    mapped.removeAll(keepingCapacity: true)
    for index in piece.indices {
      ByteAlphabet.append(charactersFor: piece.extracting(index..<index + 1), to: &mapped)
      while origins.count < mapped.count { origins.append(index) }
    }
    let text = mapped
    appendSymbols(of: text.span, core.model, to: &ids)
  }

  /// The bytes of the last piece that a token of it covers.
  func range(ofToken index: Int) -> Range<Int> {
    let start = index == 0 ? 0 : ends[index - 1]
    let end = ends[index]
    if origins.isEmpty { return start..<end }
    let last = origins.count - 1
    let lower = origins[min(start, last)]
    let upper = origins[min(end - 1, last)] + 1
    return lower..<max(lower, upper)
  }

  private mutating func appendSymbols(
    of text: Span<UInt8>, _ model: BytePairModel, to ids: inout [UInt32]
  ) {
    if model.ignoresMerges, let id = model.vocabulary.id(ofText: text) {
      ids.append(id)
      ends.append(text.count)
      return
    }
    characters.read(text, model)
    merger.merge(symbols: characters.ids, model.merges)
    merger.appendTokens(to: &ids)
    var symbol = 0
    var end = 0
    for index in 0..<merger.count {
      let next = index + 1 < merger.count ? merger.start(of: index + 1) : characters.ids.count
      while symbol < next {
        end += characters.lengths[symbol]
        symbol += 1
      }
      ends.append(end)
    }
  }
}
