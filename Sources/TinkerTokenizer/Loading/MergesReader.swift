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
        throw bad("a list of strings and pairs", at: rules.count, "one of the two spellings")
      }
      kind = found
      if found == .array {
        try readPair(&reader)
      } else if try !readLine(&reader) {
        continue
      }
      try addRule(vocabulary)
    }
    return rules
  }

  private func bad(_ value: String, at index: Int, _ expected: String) -> TokenizerError {
    .invalidValue(field: "model.merges[\(index)]", value: value, expected: expected)
  }

  /// Reads `["a", "b"]`.
  private mutating func readPair(_ reader: inout FieldReader) throws(TokenizerError) {
    try reader.beginArray()
    var count = 0
    while try reader.nextElement() {
      let token = try reader.readStringToken()
      switch count {
      case 0: try Self.copy(token, to: &left, &reader)
      case 1: try Self.copy(token, to: &right, &reader)
      default: break
      }
      count += 1
    }
    if count != 2 { throw bad("a list of \(count)", at: rules.count, "two tokens") }
  }

  /// Reads `"a b"`; `false` for the version line of old files.
  private mutating func readLine(_ reader: inout FieldReader) throws(TokenizerError) -> Bool {
    let token = try reader.readStringToken()
    try Self.copy(token, to: &key, &reader)
    if key.starts(with: "#version".utf8) { return false }
    guard let space = key.firstIndex(of: 0x20), !key[(space + 1)...].contains(0x20) else {
      let text = String(decoding: key, as: UTF8.self)
      throw bad("`\(text)`", at: rules.count, "two tokens with one space between them")
    }
    left.removeAll(keepingCapacity: true)
    left.append(contentsOf: key[..<space])
    right.removeAll(keepingCapacity: true)
    right.append(contentsOf: key[(space + 1)...])
    return true
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

  /// Looks up the two parts and what they make.
  private mutating func addRule(
    _ vocabulary: borrowing VocabularyTable
  ) throws(TokenizerError) {
    let rank = rules.count
    guard rank < MergeTable.rankLimit else {
      throw .tooLarge(field: "model.merges", count: rank + 1, limit: MergeTable.rankLimit)
    }
    var found = try alphabeticRule(vocabulary)
    if found == nil { found = try plainRule(vocabulary) }
    guard let rule = found else {
      throw bad("a pair whose right part is shorter than the prefix", at: rank, "the prefix")
    }
    rules.append(rule)
  }

  /// The rule if both parts are of the byte alphabet, which they are but for rare exceptions.
  private mutating func alphabeticRule(
    _ vocabulary: borrowing VocabularyTable
  ) throws(TokenizerError) -> MergeTable.Rule? {
    guard prefixLength == 0 else { return nil }
    key.removeAll(keepingCapacity: true)
    guard Self.append(left, to: &key) else { return nil }
    let middle = key.count
    guard Self.append(right, to: &key) else { return nil }
    return try rule(middle: middle, vocabulary)
  }

  private static func append(_ part: [UInt8], to key: inout [UInt8]) -> Bool {
    ByteAlphabet.append(bytesOf: part.span, to: &key)
  }

  /// The rule whose parts meet in the middle of the key.
  private func rule(
    middle: Int, _ vocabulary: borrowing VocabularyTable
  ) throws(TokenizerError) -> MergeTable.Rule {
    let whole = key.span
    guard let leftID = vocabulary.id(of: whole.extracting(first: middle), .bytes) else {
      throw unknown(left)
    }
    guard let rightID = vocabulary.id(of: whole.extracting(droppingFirst: middle), .bytes) else {
      throw unknown(right)
    }
    let rank = UInt32(truncatingIfNeeded: rules.count)
    // Merges make tokens in the order of their ids, nearly always.
    let guess = (rules.last?.result ?? 255) &+ 1
    if vocabulary.holds(guess, whole, .bytes) {
      return MergeTable.Rule(left: leftID, right: rightID, result: guess, rank: rank)
    }
    guard let result = vocabulary.id(of: whole, .bytes) else { throw unknown(left + right) }
    return MergeTable.Rule(left: leftID, right: rightID, result: result, rank: rank)
  }

  private func plainRule(
    _ vocabulary: borrowing VocabularyTable
  ) throws(TokenizerError) -> MergeTable.Rule? {
    guard let leftID = vocabulary.id(ofText: left.span) else { throw unknown(left) }
    guard let rightID = vocabulary.id(ofText: right.span) else { throw unknown(right) }
    guard right.count >= prefixLength else { return nil }
    let whole = left + right[prefixLength...]
    guard let result = vocabulary.id(ofText: whole.span) else { throw unknown(whole) }
    return MergeTable.Rule(
      left: leftID, right: rightID, result: result, rank: UInt32(truncatingIfNeeded: rules.count))
  }

  private func unknown(_ token: [UInt8]) -> TokenizerError {
    .tokenOutOfVocabulary(
      field: "model.merges[\(rules.count)]", token: String(decoding: token, as: UTF8.self))
  }
}
