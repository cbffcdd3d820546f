/// Turns one piece of text into ids: by the word cache, by the vocabulary, or by merging.
struct PieceEncoder: ~Copyable, Sendable {
  private var merger = Merger()
  private var words = WordCache()
  private var characters = CharacterSymbols()
  private var mapped: [UInt8] = []
  /// The end of each token of the last piece, in bytes of the model's text.
  private var ends: [Int] = []
  /// For each byte of the model's text the byte of the piece; empty where they are the same.
  private var origins: [Int] = []

  /// Appends the ids of the piece at a range of a text. With `wantsLengths`,
  /// ``range(ofToken:in:)`` answers for its tokens until the next piece.
  mutating func append(
    _ range: Range<Int>, of text: Span<UInt8>, _ core: TokenizerCore, to ids: inout [UInt32],
    wantsLengths: Bool
  ) {
    if !core.worksOnBytes {
      appendCharacters(of: text.extracting(range), core, to: &ids)
      return
    }
    let first = ids.count
    appendBytes(range, of: text, core, to: &ids)
    guard wantsLengths else { return }
    // Tokens of bytes cover the piece without a gap.
    ends.removeAll(keepingCapacity: true)
    origins.removeAll(keepingCapacity: true)
    var end = 0
    for id in ids[first...] {
      end += core.model.vocabulary.places[Int(id)].length
      ends.append(end)
    }
  }

  /// The bytes of the piece that a token of it covers, in the text around the piece.
  func range(ofToken index: Int, in piece: Range<Int>) -> Range<Int> {
    let start = index == 0 ? 0 : ends[index - 1]
    let end = ends[index]
    if origins.isEmpty {
      return piece.lowerBound + start..<piece.lowerBound + end
    }
    let last = origins.count - 1
    let lower = origins[min(start, last)]
    let upper = origins[min(end - 1, last)] + 1
    return piece.lowerBound + lower..<piece.lowerBound + max(lower, upper)
  }

  // MARK: Bytes

  @inline(__always)
  private mutating func appendBytes(
    _ range: Range<Int>, of text: Span<UInt8>, _ core: TokenizerCore, to ids: inout [UInt32]
  ) {
    guard range.count <= WordCache.keyLimit else {
      appendMerged(text.extracting(range), core, to: &ids)
      return
    }
    let key = Self.key(range, of: text)
    if words.append(idsFor: key, to: &ids) { return }
    let first = ids.count
    appendMerged(text.extracting(range), core, to: &ids)
    words.insert(key, ids[first...])
  }

  private static func key(_ range: Range<Int>, of text: Span<UInt8>) -> WordCache.Key {
    var low: UInt64 = 0
    var high: UInt64 = 0
    for (shift, index) in range.enumerated() {
      if shift < 8 {
        low |= UInt64(text[index]) &<< UInt64(shift &* 8)
      } else {
        high |= UInt64(text[index]) &<< UInt64((shift &- 8) &* 8)
      }
    }
    return WordCache.Key(low: low, high: high | UInt64(range.count) &<< 56)
  }

  private mutating func appendMerged(
    _ piece: Span<UInt8>, _ core: TokenizerCore, to ids: inout [UInt32]
  ) {
    let model = core.model
    if model.ignoresMerges, let id = model.vocabulary.id(of: piece, .bytes) {
      ids.append(id)
      return
    }
    let count = merger.merge(bytes: piece, byteIDs: model.byteIDs, model.merges)
    ids.append(contentsOf: merger.symbols[..<count])
    merger.shrink()
  }

  // MARK: Characters

  private mutating func appendCharacters(
    of piece: Span<UInt8>, _ core: TokenizerCore, to ids: inout [UInt32]
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

  private mutating func appendSymbols(
    of text: Span<UInt8>, _ model: BytePairModel, to ids: inout [UInt32]
  ) {
    if model.ignoresMerges, let id = model.vocabulary.id(ofText: text) {
      ids.append(id)
      ends.append(text.count)
      return
    }
    characters.read(text, model)
    let total = characters.ids.count
    let count = merger.merge(symbols: characters.ids, model.merges)
    ids.append(contentsOf: merger.symbols[..<count])
    var end = 0
    for index in 0..<count {
      let next = index + 1 < count ? merger.starts[index + 1] : total
      end += characters.lengths[merger.starts[index]..<next].reduce(0, +)
      ends.append(end)
    }
    merger.shrink()
  }
}
