import Testing
import TinkerJSON
import TinkerTokenizer

/// Ids to text, whole and one by one.
@Suite struct DecodingTests {
  /// One token for each byte, its id the byte.
  static func bytes(_ extra: [JSONValue] = []) throws -> Tokenizer {
    try SmallTokenizer(SmallTokenizer.alphabet)
      .with("pre_tokenizer", SmallTokenizer.wholeText).with("decoder", ["type": "ByteLevel"])
      .with("added_tokens", .array(extra)).load()
  }

  /// Tokens of every length around that of one copy, unknown ids between them.
  @Test func tokensOfAllLengths() throws {
    let long: [String] = (1...40).map { String(repeating: "x", count: $0) + "." }
    let tokenizer = try SmallTokenizer(SmallTokenizer.alphabet + long)
      .with("decoder", ["type": "ByteLevel"]).load()
    let ids: [UInt32] = (0..<299 as Range<UInt32>).flatMap { id -> [UInt32] in [id, 0x61, 99_999] }
    var expected: [UInt8] = []
    for id in ids {
      if id < 256 { expected.append(UInt8(id)) }
      if 256..<296 ~= id { expected += Array(long[Int(id) - 256].utf8) }
    }
    #expect(tokenizer.decodeBytes(ids) == expected)
    #expect(tokenizer.decodeBytes([]) == [])
    #expect(tokenizer.decodeBytes([295]) == Array(long[39].utf8))
  }

  @Test(arguments: [
    ([0xF0, 0x9F, 0x61], "\u{FFFD}a"), ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),
    ([0xF4, 0x8F, 0xBF, 0xBF], "\u{10FFFF}"), ([0xC0, 0xAF], "\u{FFFD}\u{FFFD}"),
    ([0xE2, 0x82], "\u{FFFD}"), ([0xF0, 0x90, 0x80], "\u{FFFD}"),
    ([0xF4, 0x90, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"), ([0x80], "\u{FFFD}"), ([0], "\u{0}"),
  ])
  func oneReplacementForEachMaximalPart(_ ids: [UInt32], _ text: String) throws {
    let tokenizer = try Self.bytes()
    #expect(Array(tokenizer.decode(ids).utf8) == Array(text.utf8))
    #expect(tokenizer.decodeBytes(ids) == ids.map { UInt8($0) })
  }

  @Test func unknownIdsAreLeftOutOrThrown() throws {
    let tokenizer = try Self.bytes()
    #expect(tokenizer.decode([0x61, 999, .max, 0x62]) == "ab")
    #expect(throws: TokenizerError.unknownID(999, position: 1)) {
      try tokenizer.decodeStrictly([0x61, 999, 0x62])
    }
    #expect(try tokenizer.decodeStrictly([0x61, 0x62]) == "ab")
  }

  @Test func specialTokensAreLeftOutOnRequest() throws {
    let tokenizer = try Self.bytes([
      SmallTokenizer.added(0, "<s>", special: true), SmallTokenizer.added(0, "<t>"),
    ])
    #expect(tokenizer.decode([256, 0x61, 257]) == "<s>a<t>")
    #expect(tokenizer.decode([256, 0x61, 257], skipSpecialTokens: true) == "a<t>")
    #expect(tokenizer.isSpecial(256) && !tokenizer.isSpecial(257))
  }

  /// An added token made of letters of the alphabet is decoded as bytes, as the reference does.
  @Test func addedTokensOfTheAlphabetAreBytes() throws {
    let tokenizer = try Self.bytes([
      SmallTokenizer.added(0, "Gr\u{FC}\u{DF}e"), SmallTokenizer.added(0, "Ġ日"),
    ])
    #expect(tokenizer.decode([256]) == "Gr\u{FFFD}\u{FFFD}e")
    #expect(tokenizer.decode([257]) == "Ġ日")
  }

  @Test func withoutADecoderTokensAreJoinedBySpaces() throws {
    let tokenizer = try SmallTokenizer(["a", "b"]).load()
    #expect(tokenizer.decode([0, 1, 0]) == "a b a")
    var stream = tokenizer.makeDecodeStream()
    #expect(try [stream.step(0), stream.step(1)] == ["a", " b"])
  }

  @Test func aStreamWaitsForWholeCharacters() throws {
    let tokenizer = try Self.bytes([SmallTokenizer.added(0, "<s>", special: true)])
    var stream = tokenizer.makeDecodeStream(skipSpecialTokens: true)
    let ids: [UInt32] = [0x61, 0xE2, 256, 0x82, 0xAC, 0xF0, 0x9F]
    #expect(try ids.map { try stream.step($0) } == ["a", nil, nil, nil, "€", nil, nil])
    #expect(stream.flush() == "\u{FFFD}")
    #expect(stream.flush() == nil)
    #expect(try stream.step(0x62) == "b")
  }

  /// What a stream gives out and its flush are together the whole text.
  @Test func streamsAddUpToTheText() throws {
    let tokenizers = [
      try Self.bytes(), try SmallTokenizer(["a", "▁b", "\u{FFFD}", "é"]).load(),
    ]
    var random = SplitMix(state: 3)
    for tokenizer in tokenizers {
      for _ in 0..<400 {
        let bound = UInt32(tokenizer.vocabularySize)
        let ids = (0..<Int.random(in: 1...14, using: &random)).map { _ in
          UInt32.random(in: 0..<bound, using: &random)
        }
        var stream = tokenizer.makeDecodeStream()
        let pieces = try ids.map { try stream.step($0) ?? "" }
        let text = pieces.joined() + (stream.flush() ?? "")
        if text.utf8.elementsEqual(tokenizer.decode(ids).utf8) { continue }
        Issue.record("\(ids): \(text), expected \(tokenizer.decode(ids))")
      }
    }
  }

  /// Byte tokens that were text may no longer be once others follow. What was given out stands; the
  /// reference fails as soon as the text is longer.
  @Test func fallbackBytesMayChangeWhatWasGivenOut() throws {
    let tokenizer = try SmallTokenizer(["<0xE2>", "<0x82>", "<0xAC>", "<0xF0>", "a"]).with(
      "decoder",
      ["type": "Sequence", "decoders": [["type": "ByteFallback"], ["type": "Fuse"]]]
    ).load()
    var stream = tokenizer.makeDecodeStream()
    #expect(try [0, 1, 2, 3].map { try stream.step($0) } == [nil, nil, "€", nil])
    var other = stream
    #expect(stream.flush() == "\u{FFFD}")
    #expect(throws: TokenizerError.textChanged(position: 4)) { try other.step(4) }
  }

  @Test func longStreamsAreNotQuadratic() throws {
    let tokenizer = try Self.bytes()
    var stream = tokenizer.makeDecodeStream()
    // Never a whole character: everything is held back.
    for _ in 0..<200_000 { #expect(try stream.step(0x80) == nil) }
    #expect(stream.flush()?.unicodeScalars.count == 200_000)
  }

  @Test func stripAndReplace() throws {
    let tokenizer = try SmallTokenizer(["xxa", "bxx", "▁"]).with(
      "decoder",
      [
        "type": "Sequence",
        "decoders": [
          ["type": "Strip", "content": "x", "start": 1, "stop": 1],
          ["type": "Replace", "pattern": ["String": "▁"], "content": " "],
        ],
      ]
    ).load()
    #expect(tokenizer.decode([0, 2, 1]) == "xa bx")
  }

  /// Measured with transformers 5.5.4.
  @Test func spacesAreCleanedUpOnRequestOnly() throws {
    let text = "a . b n't do n't"
    #expect(Tokenizer.cleaningUpSpaces(in: text) == "a. bn't don't")
    #expect(Tokenizer.cleaningUpSpaces(in: "x ' y 's , z !") == "x'y's, z!")
    let tokenizer = try Self.bytes()
    #expect(tokenizer.decode(tokenizer.encode(text)) == text)
  }
}
