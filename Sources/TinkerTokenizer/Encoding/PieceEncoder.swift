/// Turns the pieces of a text into ids: by what was merged before, by the vocabulary, or by merging.
///
/// Pieces go in batches: first the keys of all of them are made, then the cache is asked in a loop
/// without calls, which the first piece that is not a plain hit leaves and re-enters behind it.
struct PieceEncoder: ~Copyable, Sendable {
  private var merger = Merger()
  private var words: WordCache
  private var longWords: LongWordCache
  /// Fewer rules than those of the model, with which bytes become the same tokens.
  private let merges: MergeTable?
  private var batch = PieceBatch()
  private var staged = [UInt32](repeating: 0, count: 4 * PieceBatch.capacity)

  init() {
    words = WordCache()
    longWords = LongWordCache()
    merges = nil
  }

  /// An encoder that knows words from the start.
  init(_ known: WholeWords, of vocabulary: borrowing VocabularyTable) {
    words = WordCache(roomFor: known.ids.count)
    words.insert(known, of: vocabulary)
    longWords = LongWordCache(known, of: vocabulary)
    merges = known.merges
  }

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
      while true {
        let (next, count) = words.copyHits(batch, from: index, into: &staged)
        // A slice would be counted in and out.
        unsafe staged.withUnsafeBufferPointer {
          unsafe ids.append(contentsOf: UnsafeBufferPointer(rebasing: $0[..<count]))
        }
        if next == batch.count { break }
        index = next + 1
        let piece = text.extracting(pieces[first + next])
        if appendKnown(piece, batch[next].key, to: &ids) { continue }
        let lineCount = words.lineCount
        appendNew(piece, batch[next].key, model, to: &ids)
        // The keys behind it lie in other lines of a cache that has grown.
        if words.lineCount != lineCount { batch.read(pieces, first..<end, of: text, words) }
      }
      first = end
    }
  }

  /// Appends the ids of a piece that is far from its place in the cache, long, or of many ids.
  private mutating func appendKnown(
    _ piece: Span<UInt8>, _ key: WordCache.Key, to ids: inout [UInt32]
  ) -> Bool {
    if key.length <= WordCache.Key.limit { return words.append(idsFor: key, to: &ids) }
    return longWords.append(idsFor: piece, to: &ids)
  }

  /// Appends the ids of a piece that is in no cache, and keeps them.
  private mutating func appendNew(
    _ piece: Span<UInt8>, _ key: WordCache.Key, _ model: borrowing BytePairModel,
    to ids: inout [UInt32]
  ) {
    let first = ids.count
    let isShort = key.length <= WordCache.Key.limit
    let isNoWord =
      isShort ? words.knowsWords : longWords.knowsWords && piece.count <= LongWordCache.lengthLimit
    if model.ignoresMerges, !isNoWord, let id = model.vocabulary.id(of: piece, .bytes) {
      ids.append(id)
    } else {
      if let merges {
        merger.merge(bytes: piece, merges)
      } else {
        merger.merge(bytes: piece, model.merges)
      }
      merger.appendTokens(to: &ids)
    }
    if isShort {
      words.insert(key, ids.span.extracting(droppingFirst: first))
    } else {
      longWords.insert(piece, ids.span.extracting(droppingFirst: first))
    }
  }
}
