/// The model: vocabulary, merge rules, and what happens to characters that are in neither.
struct BytePairModel: Sendable {
  /// No id.
  static let noID = UInt32.max

  let vocabulary: VocabularyTable
  let merges: MergeTable
  /// The id of each byte's character, or `noID`.
  let byteIDs: [UInt32]
  /// Whether every byte has an id, so that nothing of a byte-level text is ever unknown.
  let hasEveryByte: Bool
  /// Whether a piece that is a token is that token, whatever the merges say.
  let ignoresMerges: Bool
  /// What stands before each character but the first, as the vocabulary spells them.
  let prefix: [UInt8]
  /// What stands behind the last character, as the vocabulary spells it.
  let suffix: [UInt8]
  /// The ids of `<0x00>` to `<0xFF>` if unknown characters become them; `noID` where there is none.
  let fallbackIDs: [UInt32]?
  /// The token of unknown characters; they are dropped if there is none.
  let unknownID: UInt32?
  /// Whether neighbouring unknown characters become one token.
  let fusesUnknown: Bool

  /// Takes over what the file says. `vocabulary` is that of the description with the added tokens.
  init(_ model: ModelDescription, vocabulary: VocabularyTable) {
    self.vocabulary = vocabulary
    byteIDs = (0...255).map { byte in
      vocabulary.id(of: [UInt8(byte)].span, .bytes) ?? Self.noID
    }
    hasEveryByte = !byteIDs.contains(Self.noID)
    merges = MergeTable(model.rules, byteIDs: byteIDs)
    ignoresMerges = model.ignoresMerges
    prefix = model.prefix
    suffix = model.suffix
    fusesUnknown = model.fusesUnknown
    fallbackIDs = model.byteFallback ? Self.fallbackIDs(vocabulary) : nil
    unknownID = model.unknownToken.flatMap { vocabulary.id(ofText: $0.utf8Span.span) }
  }

  private static func fallbackIDs(_ vocabulary: VocabularyTable) -> [UInt32] {
    let digits = Array("0123456789ABCDEF".utf8)
    return (0...255).map { byte in
      let name = Array("<0x".utf8) + [digits[byte >> 4], digits[byte & 15]] + Array(">".utf8)
      return vocabulary.id(ofText: name.span) ?? noID
    }
  }
}
