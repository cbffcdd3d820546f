import Testing
import TinkerJSON
import TinkerTokenizer

/// An encoder that knows words from the start gives the same ids as one that does not.
struct WholeWordTests {
  @Test(arguments: [false, true])
  func tokensOutOfReachStayOut(ignoresMerges: Bool) throws {
    // `abc` is a token, but `b c` merges first, and then nothing makes `abc`.
    let tokenizer = try SmallTokenizer(
      SmallTokenizer.alphabet + ["ab", "bc", "abc", "bcd"],
      [("b", "c"), ("a", "b"), ("ab", "c"), ("bc", "d")]
    )
    .with(model: "ignore_merges", .bool(ignoresMerges))
    .with("pre_tokenizer", SmallTokenizer.wholeText)
    .load()
    let plain = tokenizer.makeEncoder()
    let knowing = tokenizer.makeEncoder(knowsWords: true)
    for text in ["abc", "ab", "bc", "bcd", "abcd", " abc abc", "a", ""] {
      var expected: [UInt32] = []
      plain.append(text, to: &expected)
      var ids: [UInt32] = []
      knowing.append(text, to: &ids)
      knowing.append(text, to: &ids)
      #expect(ids == expected + expected, "\(text)")
    }
    #expect(tokenizer.encode("abc").count == (ignoresMerges ? 1 : 2))
  }

  /// Tokens of all lengths, several rules for most of them: what is known from the start, and the rules
  /// that are left out then, change nothing.
  @Test(arguments: [false, true])
  func knownWordsChangeNoIDs(ignoresMerges: Bool) throws {
    var random = SplitMix(state: ignoresMerges ? 3 : 4)
    for _ in 0..<20 {
      let rules = MergingTests.rules(120, letters: "abcd", &random)
      let tokenizer = try SmallTokenizer(MergingTests.tokens(rules), rules)
        .with(model: "ignore_merges", .bool(ignoresMerges)).load()
      let knowing = tokenizer.makeEncoder(knowsWords: true)
      for _ in 0..<200 {
        let text = String(
          (0..<Int.random(in: 1...300, using: &random)).map { _ in
            "abcdabcdabcd ".randomElement(using: &random) ?? "a"
          })
        var ids: [UInt32] = []
        knowing.append(text, to: &ids)
        if ids != tokenizer.encode(text) {
          Issue.record("\(text): \(ids); rules \(rules)")
          return
        }
      }
    }
  }
}
