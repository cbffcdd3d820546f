/// Turns the pieces of a text into ids: by what was merged before, by the vocabulary, or by merging.
///
/// Pieces go in batches: first the keys of all of them are made, then the cache is asked in a loop
/// without calls, which the first piece that is not a plain hit leaves and re-enters behind it.
struct PieceEncoder: ~Copyable, Sendable {
  private var merger = Merger()
  private var words: WordCache
  private var longWords = LongWordCache()
  private var batch = PieceBatch()
  private var staged = [UInt32](repeating: 0, count: 4 * PieceBatch.capacity)

  init(_ words: WordCache = WordCache()) { self.words = words }

  /// Appends the ids of some pieces of a text, in a model that works on bytes.
  mutating func append(
    _ pieces: borrowing PieceBuffer, _ range: Range<Int>, of text: Span<UInt8>,
    _ model: borrowing BytePairModel, to ids: inout [UInt32]
  ) {
    var first = range.lowerBound
    while first < range.upperBound {
      let end = min(first + PieceBatch.capacity, range.upperBound)
      batch.read(pieces, first..<end, of: text, words)
      var index = 0
      while index < batch.count {
        let (next, count) = words.copyHits(batch, from: index, into: &staged)
        ids.append(contentsOf: staged[..<count])
        if next < batch.count {
          appendSlowly(text.extracting(pieces[first + next]), batch[next].key, model, to: &ids)
        }
        index = next + 1
      }
      first = end
    }
  }

  /// Appends the ids of a piece that is long, far from its place in the cache, or not in it.
  private mutating func appendSlowly(
    _ piece: Span<UInt8>, _ key: WordCache.Key, _ model: borrowing BytePairModel,
    to ids: inout [UInt32]
  ) {
    let first = ids.count
    if key.length <= WordCache.Key.limit {
      if words.append(idsFor: key, to: &ids) { return }
      appendMerged(piece, model, to: &ids)
      words.insert(key, ids[first...])
      return
    }
    if piece.count > LongWordCache.lengthLimit {
      appendMerged(piece, model, to: &ids)
      return
    }
    let hash = longWords.hash(of: piece)
    if longWords.append(idsFor: piece, hash, to: &ids) { return }
    appendMerged(piece, model, to: &ids)
    longWords.insert(piece, hash, ids[first...])
  }

  private mutating func appendMerged(
    _ piece: Span<UInt8>, _ model: borrowing BytePairModel, to ids: inout [UInt32]
  ) {
    if model.ignoresMerges, let id = model.vocabulary.id(of: piece, .bytes) {
      ids.append(id)
      return
    }
    merger.merge(bytes: piece, model.merges)
    merger.appendTokens(to: &ids)
  }
}
