import Testing
import TinkerJSON
import TinkerTokenizer

/// The merger against the definition, over every class of lengths that it treats differently.
@Suite struct MergingTests {
  /// Random rules over a few letters, so that most pairs have one and texts merge deeply.
  static func rules(
    _ count: Int, letters: String, _ random: inout SplitMix
  ) -> [(String, String)] {
    var tokens = letters.map(String.init)
    var seen: Set<[String]> = []
    var rules: [(String, String)] = []
    while rules.count < count {
      guard let left = tokens.randomElement(using: &random),
        let right = tokens.randomElement(using: &random), left.count + right.count <= 12
      else { continue }
      if !seen.insert([left, right]).inserted { continue }
      rules.append((left, right))
      if !tokens.contains(left + right) { tokens.append(left + right) }
    }
    return rules
  }

  static func tokens(_ rules: [(String, String)]) -> [String] {
    var tokens = SmallTokenizer.alphabet
    var seen = Set(tokens)
    for rule in rules where seen.insert(rule.0 + rule.1).inserted {
      tokens.append(rule.0 + rule.1)
    }
    return tokens
  }

  @Test(arguments: [1...16, 17...48, 49...256, 257...700], ["ab", "abc", "abcdefgh"])
  func agreesWithTheDefinition(_ lengths: ClosedRange<Int>, _ letters: String) throws {
    var random = SplitMix(state: UInt64(lengths.lowerBound + letters.count))
    for _ in 0..<12 {
      let rules = Self.rules(
        Int.random(in: 3...60, using: &random), letters: letters, &random)
      let tokens = Self.tokens(rules)
      let tokenizer = try SmallTokenizer(tokens, rules)
        .with("pre_tokenizer", SmallTokenizer.wholeText).load()
      let naive = NaiveMerger(rules)
      let knowing = tokenizer.makeEncoder(knowsWords: true)
      for _ in 0..<(lengths.upperBound > 256 ? 3 : 20) {
        let count = Int.random(in: lengths, using: &random)
        let symbols = (0..<count).map { _ in
          String(letters.randomElement(using: &random) ?? "a")
        }
        let expected = naive.merge(symbols)
        let encoding = tokenizer.encodeWithOffsets(symbols.joined())
        var known: [UInt32] = []
        knowing.append(symbols.joined(), to: &known)
        if known != encoding.ids {
          Issue.record("\(symbols.joined()): \(known) with known words; rules \(rules)")
          return
        }
        let found = encoding.ids.map { tokenizer.token(for: $0) ?? "" }
        if found != expected {
          Issue.record("\(symbols.joined()): \(found), expected \(expected); rules \(rules)")
          return
        }
        var end = 0
        for (token, range) in zip(expected, encoding.byteOffsets) {
          if range != end..<end + token.count { Issue.record("offset \(range) behind \(end)") }
          end = range.upperBound
        }
        #expect(tokenizer.count(symbols.joined()) == expected.count)
      }
    }
  }

  @Test func equalPairsMergeFromTheLeft() throws {
    let tokenizer = try SmallTokenizer(["a", "aa"], [("a", "a")]).load()
    #expect(tokenizer.encode("aaa") == [1, 0])
    #expect(tokenizer.encode("aaaa") == [1, 1])
  }

  @Test func theLaterOfTwoEqualRulesCounts() throws {
    // With `b c` first, `abc` is `a`, `bc`; its second rank puts it behind `a b`.
    let tokenizer = try SmallTokenizer(
      ["a", "b", "c", "ab", "bc"], [("b", "c"), ("a", "b"), ("b", "c")]
    ).load()
    #expect(tokenizer.encode("abc") == [3, 2])
  }

  /// A hundred thousand equal letters take far less than the minutes of a quadratic merger.
  @Test(.timeLimit(.minutes(1))) func longPiecesAreNotQuadratic() throws {
    var rules: [(String, String)] = []
    var token = "a"
    while token.count < 64 {
      rules.append((token, token))
      token += token
    }
    let tokenizer = try SmallTokenizer(Self.tokens(rules), rules)
      .with("pre_tokenizer", SmallTokenizer.wholeText).with("decoder", ["type": "ByteLevel"])
      .load()
    let text = String(repeating: "a", count: 100_000)
    let ids = tokenizer.encode(text)
    #expect(ids.count == 100_000 / 64 + 1)
    let isSame = tokenizer.decode(ids) == text
    #expect(isSame)
    #expect(tokenizer.encodeWithOffsets(text).ids == ids)
  }

  @Test func wholePiecesComeFirstWhereMergesAreIgnored() throws {
    let small = SmallTokenizer(["a", "b", "c", "ab", "abc"], [("a", "b")])
    #expect(try small.load().encode("abc") == [3, 2])
    #expect(try small.with(model: "ignore_merges", true).load().encode("abc") == [4])
  }
}
