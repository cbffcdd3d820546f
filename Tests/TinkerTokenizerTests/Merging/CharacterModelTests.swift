import Testing
import TinkerJSON
import TinkerTokenizer

/// Models that work on characters; the expectations come from tokenizers 0.22.2.
@Suite struct CharacterModelTests {
  @Test func prefixAndSuffix() throws {
    let prefixed = try SmallTokenizer(
      ["a", "##b", "##c", "ab", "abc"], [("a", "##b"), ("ab", "##c")]
    ).with(model: "continuing_subword_prefix", "##").load()
    #expect(prefixed.encode("abc") == [4])
    let encoding = prefixed.encodeWithOffsets("bc")
    #expect(encoding.ids == [2])
    #expect(encoding.byteOffsets == [0..<1])

    let suffixed = try SmallTokenizer(
      ["a", "b", "c</w>", "ab", "abc</w>"], [("a", "b"), ("ab", "c</w>")]
    ).with(model: "end_of_word_suffix", "</w>").load()
    #expect(suffixed.encode("abc") == [4])
    #expect(suffixed.encode("ac") == [0, 2])
    #expect(suffixed.encode("c") == [2])
  }

  /// The prefix may stand behind the merges that need it.
  @Test func thePrefixIsKnownWhereverItStands() throws {
    let json = """
      {"model": {"merges": [["a", "##b"]], "vocab": {"a": 0, "##b": 1, "ab": 2},
      "continuing_subword_prefix": "##"}}
      """
    #expect(try Tokenizer(json: Array(json.utf8)).encode("ab") == [2])
  }

  @Test func unknownCharactersAreDroppedAndShiftTheRest() throws {
    let tokenizer = try SmallTokenizer(["a", "b", "ab"], [("a", "b")]).load()
    let encoding = tokenizer.encodeWithOffsets("abcab")
    #expect(encoding.ids == [2, 2])
    #expect(encoding.byteOffsets == [0..<2, 2..<4])
  }

  @Test func unknownTokensAreFusedOnRequest() throws {
    let small = SmallTokenizer(["<u>", "a"]).with(model: "unk_token", "<u>")
    #expect(try small.load().encode("xya") == [0, 0, 1])
    let fused = try small.with(model: "fuse_unk", true).load().encodeWithOffsets("xya")
    #expect(fused.ids == [0, 1])
    #expect(fused.byteOffsets == [0..<2, 2..<3])
  }

  @Test func fallbackBytesOvertakeAPendingUnknown() throws {
    let tokenizer = try SmallTokenizer(["<u>", "a", "<0x63>"])
      .with(model: "unk_token", "<u>").with(model: "byte_fallback", true).load()
    let encoding = tokenizer.encodeWithOffsets("xca")
    #expect(encoding.ids == [2, 0, 1])
    #expect(encoding.byteOffsets == [0..<1, 1..<2, 2..<3])
  }

  /// A piece of which nothing is left once overwrote the memory behind an empty array.
  @Test func nothingIsLeftOfAPiece() throws {
    let tokenizer = try SmallTokenizer(["a"]).load()
    #expect(tokenizer.encode("xyz").isEmpty)
    #expect(tokenizer.encodeWithOffsets("xyz").byteOffsets.isEmpty)
    #expect([String: Int]().isEmpty && [Int]().isEmpty)
  }

  @Test func compositionsAreDifferentKeys() throws {
    let tokenizer = try SmallTokenizer(["\u{E9}", "e", "\u{301}"]).load()
    #expect(tokenizer.encode("\u{E9}") == [0])
    #expect(tokenizer.encode("e\u{301}") == [1, 2])
    #expect(tokenizer.tokenID(of: "e\u{301}") == nil)
  }

  @Test func nulAndNoncharactersAreKept() throws {
    let tokenizer = try SmallTokenizer(["\u{0}", "\u{FFFF}", "a"]).load()
    #expect(tokenizer.encode("a\u{0}\u{FFFF}") == [2, 0, 1])
    #expect(tokenizer.token(for: 0) == "\u{0}")
  }
}
