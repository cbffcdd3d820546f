import TinkerJSON

extension TokenizerFile {
  /// The pattern that Kimi's tokenizer code splits by; its files do not hold it.
  static let kimiPattern =
    #"[\p{Han}]+"#
    + #"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*"#
    + #"[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"#
    + #"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+"#
    + #"[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"#
    + #"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

  /// Reads a `tiktoken.model`: a line for each token, its bytes in base 64 and its rank.
  ///
  /// Two neighbours merge if what they make together is a token, the one of least rank first. So
  /// every split of a token into two others is a rule, and all of a token's rules have its rank.
  init(
    tiktoken bytes: [UInt8], name: String, _ configuration: TokenizerConfiguration
  ) throws(TokenizerError) {
    decoder = try TokenDecoder(json: ["type": "ByteLevel"])
    let split: JSONValue = [
      "type": "Split", "pattern": ["Regex": .string(JSONString(Self.kimiPattern))],
      "behavior": "Isolated", "invert": false,
    ]
    let byteLevel: JSONValue = [
      "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false,
    ]
    preTokenizer = try PreTokenizer(
      json: ["type": "Sequence", "pretokenizers": [split, byteLevel]])
    try readRanks(bytes, name: name)
    model.ignoresMerges = true
    try readRules(name: name)
    readSpecialTokens(configuration)
  }

  private mutating func readRanks(_ bytes: [UInt8], name: String) throws(TokenizerError) {
    var token: [UInt8] = []
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
      let field = "line \(index + 1) of \(name)"
      let parts = line.split(separator: UInt8(ascii: " "))
      token.removeAll(keepingCapacity: true)
      guard parts.count == 2, Base64Text.append(bytesOf: parts[0], to: &token), !token.isEmpty,
        let rank = Int(String(decoding: parts[1].filter { $0 != 0x0D }, as: UTF8.self))
      else {
        throw .invalidValue(
          field: field, value: "`\(String(decoding: line.prefix(80), as: UTF8.self))`",
          expected: "a token in base 64, a space and its rank")
      }
      do {
        try model.vocabulary.add(bytes: token.span, id: rank)
      } catch {
        throw .invalidValue(
          field: field, value: "the rank \(rank)",
          expected: "a rank that is free and below \(VocabularyTable.idLimit)")
      }
    }
    if let id = model.vocabulary.buildIndex() {
      throw .invalidValue(
        field: name, value: "a token given twice, once with the rank \(id)",
        expected: "each token once")
    }
    if model.vocabulary.count == 0 {
      throw .invalidValue(field: name, value: "an empty file", expected: "a line for each token")
    }
  }

  private mutating func readRules(name: String) throws(TokenizerError) {
    let vocabulary = model.vocabulary
    guard vocabulary.idBound <= MergeTable.rankLimit else {
      throw .tooLarge(
        field: "the largest rank of \(name)", count: vocabulary.idBound - 1,
        limit: MergeTable.rankLimit - 1)
    }
    let stored = vocabulary.bytes.span
    for (index, place) in vocabulary.places.enumerated() where place.length > 1 {
      let id = UInt32(index)
      let token = stored.extracting(place.range)
      for middle in 1..<token.count {
        guard let left = vocabulary.id(of: token.extracting(first: middle), .bytes),
          let right = vocabulary.id(of: token.extracting(droppingFirst: middle), .bytes)
        else { continue }
        model.rules.append(MergeTable.Rule(left: left, right: right, result: id, rank: id))
      }
    }
  }

  /// Takes over each special token with the id that the configuration gives it.
  private mutating func readSpecialTokens(_ configuration: TokenizerConfiguration) {
    trustsAddedIDs = true
    addedTokens = configuration.addedTokens.sorted { $0.key < $1.key }.map { id, token in
      var token = token
      token.id = UInt32(id)
      return token
    }
  }
}
