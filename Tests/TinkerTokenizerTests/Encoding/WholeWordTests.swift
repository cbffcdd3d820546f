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
}
