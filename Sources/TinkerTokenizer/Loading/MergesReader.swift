import TinkerJSON

/// Reads `model.merges`: strings `"a b"` or pairs `["a", "b"]`.
struct MergesReader {
  /// The bytes that the right part of a merge loses before it is joined to the left one.
  let prefixLength: Int

  private var rules: [MergeTable.Rule] = []
  private var left: [UInt8] = []
  private var right: [UInt8] = []
  private var key: [UInt8] = []

  init(prefixLength: Int) { self.prefixLength = prefixLength }

  mutating func read(
    _ reader: inout FieldReader, _ vocabulary: borrowing VocabularyTable
  ) throws(TokenizerError) -> [MergeTable.Rule] {
    rules.reserveCapacity(vocabulary.count)
    try reader.beginArray()
    var kind: JSONKind?
    while try reader.nextElement() {
      let found = try reader.peek()
      if let kind, kind != found {
        throw bad("a list of strings and pairs", "one of the two spellings")
      }
      kind = found
      guard rules.count < MergeTable.rankLimit else {
        throw .tooLarge(
          field: "model.merges", count: rules.count + 1, limit: MergeTable.rankLimit)
      }
      if found == .array {
        try readPair(&reader, vocabulary)
      } else {
        try readLine(&reader, vocabulary)
      }
    }
    return rules
  }

  private func bad(_ value: String, _ expected: String) -> TokenizerError {
    .invalidValue(field: "model.merges[\(rules.count)]", value: value, expected: expected)
  }

  /// Reads `["a", "b"]`.
  private mutating func readPair(
    _ reader: inout FieldReader, _ vocabulary: borrowing VocabularyTable
  ) throws(TokenizerError) {
    try reader.beginArray()
    var tokens: (left: JSONStringToken?, right: JSONStringToken?) = (nil, nil)
    var count = 0
    while try reader.nextElement() {
      tokens = (tokens.right, try reader.readStringToken())
      count += 1
    }
    guard count == 2, let leftToken = tokens.left, let rightToken = tokens.right else {
      throw bad("a list of \(count)", "two tokens")
    }
    if !leftToken.hasEscapes, !rightToken.hasEscapes,
      addAlphabetic(
        reader.rawBytes(of: leftToken), reader.rawBytes(of: rightToken), vocabulary)
    {
      return
    }
    try Self.copy(leftToken, to: &left, &reader)
    try Self.copy(rightToken, to: &right, &reader)
    try addPlain(vocabulary)
  }

  /// Reads `"a b"`, and passes over the version line of old files.
  private mutating func readLine(
    _ reader: inout FieldReader, _ vocabulary: borrowing VocabularyTable
  ) throws(TokenizerError) {
    let token = try reader.readStringToken()
    if !token.hasEscapes {
      let raw = reader.rawBytes(of: token)
      if let space = Self.onlySpace(in: raw), raw[0] != UInt8(ascii: "#"),
        addAlphabetic(
          raw.extracting(first: space), raw.extracting(droppingFirst: space + 1), vocabulary)
      {
        return
      }
    }
    try Self.copy(token, to: &key, &reader)
    if key.starts(with: "#version".utf8) { return }
    guard let space = Self.onlySpace(in: key.span) else {
      let text = String(decoding: key, as: UTF8.self)
      throw bad("`\(text)`", "two tokens with one space between them")
    }
    left = Array(key[..<space])
    right = Array(key[(space + 1)...])
    try addPlain(vocabulary)
  }

  /// The place of the space, if there is just one.
  private static func onlySpace(in text: Span<UInt8>) -> Int? {
    var place: Int?
    for index in text.indices where text[index] == 0x20 {
      if place != nil { return nil }
      place = index
    }
    return place
  }

  /// Decodes a string into a buffer.
  private static func copy(
    _ token: JSONStringToken, to buffer: inout [UInt8], _ reader: inout FieldReader
  ) throws(TokenizerError) {
    buffer.removeAll(keepingCapacity: true)
    if token.hasEscapes {
      buffer.append(contentsOf: try reader.text(of: token).utf8)
    } else {
      let raw = reader.rawBytes(of: token)
      for index in raw.indices { buffer.append(raw[index]) }
    }
  }

  /// Adds a rule if both parts are of the byte alphabet and known, which they are but for rare
  /// exceptions.
  ///
  /// - Returns: whether it was added.
  private mutating func addAlphabetic(
    _ left: Span<UInt8>, _ right: Span<UInt8>, _ vocabulary: borrowing VocabularyTable
  ) -> Bool {
    guard prefixLength == 0 else { return false }
    key.removeAll(keepingCapacity: true)
    guard ByteAlphabet.append(bytesOf: left, to: &key) else { return false }
    let middle = key.count
    guard ByteAlphabet.append(bytesOf: right, to: &key) else { return false }
    guard let rule = alphabeticRule(middle: middle, vocabulary) else { return false }
    rules.append(rule)
    return true
  }

  /// The rule whose parts meet in the middle of the key.
  private func alphabeticRule(
    middle: Int, _ vocabulary: borrowing VocabularyTable
  ) -> MergeTable.Rule? {
    let whole = key.span
    guard let left = vocabulary.id(of: whole.extracting(first: middle), .bytes),
      let right = vocabulary.id(of: whole.extracting(droppingFirst: middle), .bytes)
    else { return nil }
    let rank = UInt32(truncatingIfNeeded: rules.count)
    // Merges make tokens in the order of their ids, nearly always.
    let guess = (rules.last?.result ?? 255) &+ 1
    if vocabulary.holds(guess, whole, .bytes) {
      return MergeTable.Rule(left: left, right: right, result: guess, rank: rank)
    }
    return vocabulary.id(of: whole, .bytes).map {
      MergeTable.Rule(left: left, right: right, result: $0, rank: rank)
    }
  }

  /// Adds the rule of `left` and `right`, whatever they are.
  private mutating func addPlain(
    _ vocabulary: borrowing VocabularyTable
  ) throws(TokenizerError) {
    guard let leftID = vocabulary.id(ofText: left.span) else { throw unknown(left) }
    guard let rightID = vocabulary.id(ofText: right.span) else { throw unknown(right) }
    guard right.count >= prefixLength else {
      throw bad("a pair whose right part is shorter than the prefix", "the prefix")
    }
    let whole = left + right[prefixLength...]
    guard let result = vocabulary.id(ofText: whole.span) else { throw unknown(whole) }
    rules.append(
      MergeTable.Rule(
        left: leftID, right: rightID, result: result,
        rank: UInt32(truncatingIfNeeded: rules.count)))
  }

  private func unknown(_ token: [UInt8]) -> TokenizerError {
    .tokenOutOfVocabulary(
      field: "model.merges[\(rules.count)]", token: String(decoding: token, as: UTF8.self))
  }
}
