/// The tokens that pieces are: each is the one id of its own bytes.
///
/// With `ignore_merges` these are all tokens. Otherwise some tokens may be out of reach of the merges,
/// so each is merged once. That also says which rules are needed at all: whatever text they stand in,
/// the bytes of a token go through the same merges as alone until one reaches over their edge, so no
/// rule but the last one of these ever makes the token. A file may have twice as many.
struct WholeWords: Sendable {
  /// The ids of those that fit a slot of the word cache.
  private(set) var ids: [UInt32] = []
  /// The ids of longer ones that the cache of long words keeps.
  private(set) var longIDs: [UInt32] = []
  /// The rules that are needed, if they are fewer than the model has.
  private(set) var merges: MergeTable?

  init(_ model: borrowing BytePairModel) {
    ids.reserveCapacity(model.vocabulary.count)
    let mayPrune = !model.merges.isOneForEachToken
    var needed: [MergeTable.Rule] = []
    var merger = Merger()
    for (index, place) in model.vocabulary.places.enumerated()
    where !place.isAbsent && place.form == .bytes && place.length > 0 {
      let id = UInt32(truncatingIfNeeded: index)
      let bytes = model.vocabulary.bytes.span.extracting(place.range)
      var isWord = false
      if !model.ignoresMerges || mayPrune {
        merger.merge(bytes: bytes, model.merges)
        isWord = merger.onlyToken == id
        if isWord, mayPrune, place.length > 1,
          let rule = Self.rule(making: id, bytes, middle: merger.lastMiddle, model)
        {
          needed.append(rule)
        }
      }
      if model.ignoresMerges {
        // Added tokens have a place as well, but the model does not know them.
        isWord = model.vocabulary.id(of: bytes, .bytes) == id
      }
      if !isWord { continue }
      if place.length <= WordCache.Key.limit {
        ids.append(id)
      } else if place.length <= LongWordCache.lengthLimit {
        longIDs.append(id)
      }
    }
    if mayPrune { merges = MergeTable(renumbering: needed, byteIDs: model.byteIDs) }
  }

  /// The rule that makes a token of its two parts.
  private static func rule(
    making id: UInt32, _ bytes: Span<UInt8>, middle: Int, _ model: borrowing BytePairModel
  ) -> MergeTable.Rule? {
    guard let left = model.vocabulary.id(of: bytes.extracting(first: middle), .bytes),
      let right = model.vocabulary.id(of: bytes.extracting(droppingFirst: middle), .bytes),
      let rank = model.merges.rank(left, right)
    else { return nil }
    return MergeTable.Rule(left: left, right: right, result: id, rank: rank)
  }
}
