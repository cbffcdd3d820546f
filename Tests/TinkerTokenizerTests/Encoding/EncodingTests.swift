import Testing
import TinkerJSON
import TinkerTokenizer

/// The different ways to encode give the same ids.
@Suite struct EncodingTests {
  static func tokenizer() throws -> Tokenizer {
    var random = SplitMix(state: 5)
    let rules = MergingTests.rules(80, letters: "abcde", &random)
    return try SmallTokenizer(MergingTests.tokens(rules), rules)
      .with("pre_tokenizer", ["type": "ByteLevel", "add_prefix_space": false])
      .with("decoder", ["type": "ByteLevel"])
      .with("added_tokens", [SmallTokenizer.added(0, "<s>", special: true)])
      .with(
        "post_processor",
        [
          "type": "TemplateProcessing",
          "single": [["SpecialToken": ["id": "<s>"]], ["Sequence": ["id": "A"]]],
          "special_tokens": ["<s>": ["id": "<s>", "ids": [7, 8], "tokens": ["<s>"]]],
        ]
      ).load()
  }

  static func texts(_ count: Int) -> [String] {
    var random = SplitMix(state: 9)
    let pieces = ["abc", " ", "eda", "\n", "é", "日本", "<s>", "bbbbbbbbbbbbbbbbbbbbbb", "1"]
    return (0..<count).map { _ in
      (0..<Int.random(in: 0...60, using: &random)).map { _ in
        pieces.randomElement(using: &random) ?? ""
      }.joined()
    }
  }

  @Test func allWaysAgree() throws {
    let tokenizer = try Self.tokenizer()
    let encoder = tokenizer.makeEncoder()
    let texts = Self.texts(300)
    let batch = tokenizer.encodeBatch(texts, addSpecialTokens: true, workers: 3)
    for (text, ids) in zip(texts, batch) {
      #expect(ids == tokenizer.encode(text, addSpecialTokens: true))
      #expect(ids.starts(with: [7, 8]))
      var buffer: [UInt32] = [1]
      encoder.append(text, to: &buffer, addSpecialTokens: true)
      #expect(buffer == [1] + ids)
      var offsets: [Range<Int>] = []
      encoder.append(text, to: &buffer, byteOffsets: &offsets, addSpecialTokens: true)
      #expect(buffer == [1] + ids + ids)
      #expect(offsets.count == ids.count)
      #expect(tokenizer.count(text, addSpecialTokens: true) == ids.count)
      #expect(tokenizer.decode(Array(ids.dropFirst(2))) == text)
    }
  }

  @Test func manyWordsAreForgottenAndEncodedAgain() throws {
    let tokenizer = try Self.tokenizer()
    let encoder = tokenizer.makeEncoder()
    var first: [UInt32] = []
    var second: [UInt32] = []
    // More than the word cache holds, most of them with more ids than a slot has room for.
    let words = (0..<700_000).map { "\(String($0, radix: 12)) " }.joined()
    encoder.append(words, to: &first)
    encoder.append(words, to: &second)
    #expect(first == second)
    #expect(tokenizer.decode(first) == words)
  }

  @Test func emptyTextsAndBatches() throws {
    let tokenizer = try Self.tokenizer()
    #expect(tokenizer.encode("").isEmpty)
    #expect(tokenizer.encode("", addSpecialTokens: true) == [7, 8])
    #expect(tokenizer.encodeBatch([]).isEmpty)
    #expect(tokenizer.encodeBatch(["", "a"], workers: 8).count == 2)
  }

  @Test func offsetsCoverWholeCharacters() throws {
    let tokenizer = try Self.tokenizer()
    let encoding = tokenizer.encodeWithOffsets("a🫠b")
    #expect(encoding.byteOffsets == [0..<1, 1..<5, 1..<5, 1..<5, 1..<5, 5..<6])
    #expect(encoding.scalarOffsets == [0..<1, 1..<2, 1..<2, 1..<2, 1..<2, 2..<3])
  }

  /// The encoders that a tokenizer keeps for later must not keep the tokenizer.
  @Test func nothingOutlivesATokenizer() throws {
    weak var shared: AnyObject?
    do {
      let tokenizer = try Self.tokenizer()
      #expect(tokenizer.encodeBatch(["ab", "cd"], workers: 2).count == 2)
      #expect(tokenizer.count("ab") > 0)
      shared = tokenizer.sharedPart
      #expect(shared != nil)
    }
    #expect(shared == nil)
  }
}
