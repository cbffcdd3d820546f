import TinkerJSON

/// The added tokens with their ids, and the two automata that find them.
struct AddedVocabulary: Sendable {
  /// The tokens, each content once.
  private(set) var tokens: [AddedToken] = []
  private var indexByContent: [[UInt8]: Int] = [:]
  /// One bit for each id: whether it is that of a token marked `special`.
  private var specialIDs: [UInt64] = []
  /// One bit for each id: whether it is that of an added token.
  private var addedIDs: [UInt64] = []

  /// Finds tokens in the text as it came.
  private(set) var rawMatcher = AddedTokenMatcher([], contents: [])
  /// Finds tokens in the normalized text.
  private(set) var normalizedMatcher = AddedTokenMatcher([], contents: [])

  /// No added tokens.
  init() {}

  /// Reads `added_tokens` and gives each token its id: that of the model if its vocabulary has the
  /// content, the next free one otherwise. The ids in the file count only if they are trusted.
  init(
    _ entries: [AddedToken], trustsIDs: Bool, vocabulary: inout VocabularyTable,
    normalizer: Normalizer
  ) throws(TokenizerError) {
    let modelCount = vocabulary.count
    var largest: Int?
    for (position, entry) in entries.enumerated() where !entry.content.isEmpty {
      if let index = indexByContent[entry.content] {
        // The same content again: the later flags win, but what was special stays so.
        var token = entry
        token.id = tokens[index].id
        token.isSpecial = entry.isSpecial || tokens[index].isSpecial
        tokens[index] = token
        continue
      }
      var token = entry
      if let known = vocabulary.id(ofText: entry.content.span) {
        token.id = known
      } else {
        let next = trustsIDs ? Int(entry.id) : max(modelCount, largest.map { $0 + 1 } ?? 0)
        do {
          try vocabulary.add(entry.content.span, id: next)
        } catch {
          throw .invalidValue(
            field: "added_tokens[\(position)]", value: "the id \(next)",
            expected: "an id that is free and below \(VocabularyTable.idLimit)")
        }
        token.id = UInt32(next)
      }
      largest = max(largest ?? 0, Int(token.id))
      indexByContent[entry.content] = tokens.count
      tokens.append(token)
    }
    buildSpecialIDs(bound: vocabulary.idBound)
    buildMatchers(normalizer)
  }

  /// The id of an added token.
  func id(of content: [UInt8]) -> UInt32? { indexByContent[content].map { tokens[$0].id } }

  /// Whether an id is that of a token marked `special`.
  func isSpecial(_ id: UInt32) -> Bool { Self.holds(id, specialIDs) }

  /// Whether an id is that of an added token, special or not.
  func isAdded(_ id: UInt32) -> Bool { Self.holds(id, addedIDs) }

  private static func holds(_ id: UInt32, _ bits: [UInt64]) -> Bool {
    let word = Int(id >> 6)
    return word < bits.count && bits[word] >> UInt64(id & 63) & 1 == 1
  }

  private mutating func buildSpecialIDs(bound: Int) {
    specialIDs = [UInt64](repeating: 0, count: bound / 64 + 1)
    addedIDs = specialIDs
    for token in tokens {
      let bit: UInt64 = 1 << UInt64(token.id & 63)
      addedIDs[Int(token.id >> 6)] |= bit
      if token.isSpecial { specialIDs[Int(token.id >> 6)] |= bit }
    }
  }

  private mutating func buildMatchers(_ normalizer: Normalizer) {
    // The reference lists special tokens first, which decides between equal normalized contents.
    let ordered = tokens.filter(\.isSpecial) + tokens.filter { !$0.isSpecial }
    let raw = ordered.filter { !$0.isNormalized }
    rawMatcher = AddedTokenMatcher(raw, contents: raw.map(\.content))
    let normalized = ordered.filter(\.isNormalized)
    normalizedMatcher = AddedTokenMatcher(
      normalized, contents: normalized.map { normalizer.normalize($0.content.span) ?? $0.content })
  }
}
