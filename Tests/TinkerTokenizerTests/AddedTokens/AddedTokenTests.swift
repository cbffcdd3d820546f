import Testing
import TinkerJSON
import TinkerTokenizer

/// The rules of added tokens and their traps; the expectations come from tokenizers 0.22.2.
@Suite struct AddedTokenTests {
  typealias Small = SmallTokenizer

  /// Letters, space and punctuation, and added tokens behind them.
  static func tokenizer(
    _ added: [JSONValue], normalizer: JSONValue = nil, vocabulary: [String] = letters
  ) throws -> Tokenizer {
    try Small(vocabulary).with("added_tokens", .array(added)).with("normalizer", normalizer).load()
  }

  static let letters = "abcdefghijklmnopqrstuvwxyz <>-.\u{301}_1DEF".unicodeScalars
    .map { String($0) }

  static func tokens(
    _ tokenizer: Tokenizer, _ text: String, _ matching: AddedTokenMatching = .match
  ) -> [String] {
    tokenizer.encode(text, addedTokens: matching).map { tokenizer.token(for: $0) ?? "?" }
  }

  @Test func theLongestMatchWins() throws {
    let tokenizer = try Self.tokenizer([
      Small.added(0, "<a"), Small.added(0, "<ab>"), Small.added(0, "b>"),
    ])
    #expect(Self.tokens(tokenizer, "x<ab>y") == ["x", "<ab>", "y"])
    #expect(Self.tokens(tokenizer, "x<ab<ab>") == ["x", "<a", "b", "<ab>"])
    #expect(Self.tokens(tokenizer, "xab>") == ["x", "a", "b>"])
  }

  /// A special token that stays text still uses up its place.
  @Test func aPassedMatchIsConsumed() throws {
    let tokenizer = try Self.tokenizer([
      Small.added(0, "<x>", special: true), Small.added(0, "x>"),
    ])
    #expect(Self.tokens(tokenizer, "<x>x>") == ["<x>", "x>"])
    #expect(Self.tokens(tokenizer, "<x>x>", .literal) == ["<", "x", ">", "x>"])
    #expect(Self.tokens(tokenizer, "<x>x>", .none) == ["<", "x", ">", "x", ">"])
  }

  @Test func singleWordsStandAlone() throws {
    let tokenizer = try Self.tokenizer([Small.added(0, "ww", singleWord: true)])
    #expect(Self.tokens(tokenizer, "ww-") == ["ww", "-"])
    #expect(Self.tokens(tokenizer, "a ww") == ["a", " ", "ww"])
    for text in ["ww\u{301}", "ww1", "ww_", "aww"] {
      #expect(!Self.tokens(tokenizer, text).contains("ww"), "\(text)")
    }
  }

  @Test func whiteSpaceIsSwallowed() throws {
    let tokenizer = try Self.tokenizer([
      Small.added(0, "L", lstrip: true), Small.added(0, "R", rstrip: true),
    ])
    let encoding = tokenizer.encodeWithOffsets("a  Lb R  c")
    #expect(encoding.ids.map { tokenizer.token(for: $0) } == ["a", "L", "b", " ", "R", "c"])
    #expect(encoding.byteOffsets == [0..<1, 1..<4, 4..<5, 5..<6, 6..<9, 9..<10])
    // No farther left than the token before.
    #expect(
      tokenizer.encodeWithOffsets("R L").byteOffsets == [0..<2, 2..<3])
  }

  @Test func swallowedSpaceMayHoldAnotherToken() throws {
    let tokenizer = try Self.tokenizer([
      Small.added(0, "W", rstrip: true), Small.added(0, " "),
    ])
    let encoding = tokenizer.encodeWithOffsets("W  a")
    #expect(encoding.ids.map { tokenizer.token(for: $0) } == ["W", " ", " ", "a"])
    #expect(encoding.byteOffsets == [0..<3, 1..<2, 2..<3, 3..<4])
  }

  @Test func normalizedTokensMatchNormalizedText() throws {
    let tokenizer = try Self.tokenizer(
      [Small.added(0, "ABC", normalized: true), Small.added(0, "DEF")],
      normalizer: ["type": "Lowercase"])
    for text in ["ABC", "abc", "AbC"] { #expect(Self.tokens(tokenizer, text) == ["ABC"]) }
    #expect(Self.tokens(tokenizer, "DEFdef") == ["DEF", "d", "e", "f"])
  }

  /// The raw group comes first, even where a match of the other one begins earlier.
  @Test func rawTokensComeBeforeNormalizedOnes() throws {
    let tokenizer = try Self.tokenizer([
      Small.added(0, "ab", normalized: true), Small.added(0, "bc"),
    ])
    #expect(Self.tokens(tokenizer, "abcab") == ["a", "bc", "ab"])
  }

  @Test func idsAreGivenInOrderAndNotTrusted() throws {
    let tokenizer = try Self.tokenizer(
      [Small.added(77, "X"), Small.added(5, "a"), Small.added(5, "Y"), Small.added(9, "")],
      vocabulary: ["a", "b"])
    #expect(tokenizer.tokenID(of: "X") == 2)
    #expect(tokenizer.tokenID(of: "a") == 0)
    #expect(tokenizer.tokenID(of: "Y") == 3)
    #expect(tokenizer.vocabularySize == 4)
  }

  @Test func ofEqualContentsTheLaterFlagsWin() throws {
    let tokenizer = try Self.tokenizer(
      [Small.added(5, "X", special: true), Small.added(6, "X", lstrip: true)],
      vocabulary: ["a", "b", " "])
    #expect(tokenizer.encodeWithOffsets("a X").byteOffsets == [0..<1, 1..<3])
    #expect(tokenizer.decode([0, 3], skipSpecialTokens: true) == "a")
  }

  @Test func thousandsOfTokensAreFoundQuickly() throws {
    let added = (0..<3_000).map { Small.added(0, "<token \($0)>") }
    let tokenizer = try Self.tokenizer(added)
    let text = (0..<3_000).map { "<token \($0)>" }.joined(separator: "<")
    let ids = tokenizer.encode(text)
    #expect(ids.count == 5_999)
    #expect(tokenizer.token(for: ids[5_998]) == "<token 2999>")
  }

  /// Spaces that swallow spaces are walked through once, not once for each.
  @Test func swallowedSpacesAreNotQuadratic() throws {
    let tokenizer = try Self.tokenizer([Small.added(0, " ", lstrip: true, rstrip: true)])
    let encoding = tokenizer.encodeWithOffsets("a" + String(repeating: " ", count: 200_000) + "b")
    #expect(encoding.byteOffsets == [0..<1, 1..<200_001, 200_001..<200_002])
  }
}
