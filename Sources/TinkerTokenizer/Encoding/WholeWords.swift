/// The tokens that pieces are: each is the one id of its own bytes.
///
/// With `ignore_merges` these are all tokens. Otherwise some tokens may be out of reach of the merges,
/// so each is merged once.
struct WholeWords: Sendable {
  /// The ids, as far as they fit a slot of the word cache.
  let ids: [UInt32]

  init(_ model: borrowing BytePairModel) {
    var ids: [UInt32] = []
    ids.reserveCapacity(model.vocabulary.count)
    var merger = Merger()
    for (index, place) in model.vocabulary.places.enumerated()
    where !place.isAbsent && place.form == .bytes && 1...WordCache.Key.limit ~= place.length {
      let id = UInt32(truncatingIfNeeded: index)
      let bytes = model.vocabulary.bytes.span.extracting(place.range)
      if model.ignoresMerges {
        // Added tokens have a place as well, but the model does not know them.
        if model.vocabulary.id(of: bytes, .bytes) == id { ids.append(id) }
      } else {
        merger.merge(bytes: bytes, model.merges)
        if merger.onlyToken == id { ids.append(id) }
      }
    }
    self.ids = ids
  }
}

extension WordCache {
  /// A cache that knows some words from the start.
  init(_ words: WholeWords, of vocabulary: borrowing VocabularyTable) {
    self.init(roomFor: words.ids.count)
    for id in words.ids {
      if let place = vocabulary.place(of: id) {
        insert(Key(vocabulary.bytes.span.extracting(place.range)), onlyID: id)
      }
    }
  }
}
