import Testing
import TinkerJSON
import TinkerTokenizer

@Suite struct NormalizerTests {
  @Test func nothingChangesNothing() throws {
    let empty: JSONValue = ["type": "Sequence", "normalizers": []]
    for json in [nil, .null, empty] as [JSONValue?] {
      let normalizer = try Normalizer(json: json)
      #expect(normalizer.isIdentity)
      #expect(normalizer.normalize(Array("e\u{301}".utf8).span) == nil)
    }
  }

  /// Composed characters stand where the first of their parts stood, decomposed ones all where their
  /// source stood.
  @Test func placesFollowTheFirstPart() throws {
    #expect(try places("NFC", "e\u{301}x") == [0..<1, 0..<1, 3..<4])
    #expect(try places("NFC", "\u{1100}\u{1161}\u{11A8}") == [0..<3, 0..<3, 0..<3])
    #expect(try places("NFD", "\u{E9}x") == [0..<2, 0..<2, 0..<2, 2..<3])
    #expect(try places("Lowercase", "\u{130}") == [0..<2, 0..<2, 0..<2])
  }

  /// Characters that Unicode 10 and later brought stay as they are.
  @Test func dataIsThatOfUnicode9() throws {
    for text in [
      // Composes since 16.0, decomposes since 12.0 and 13.0, has a class since 14.0.
      "\u{105D2}\u{307}", "\u{32FF}", "\u{11935}\u{11930}", "q\u{1ABF}\u{316}",
    ] {
      for form in ["NFC", "NFD", "NFKC", "NFKD"] {
        #expect(try normalized(form, text) == Array(text.unicodeScalars), "\(form)")
      }
    }
  }

  @Test func singletonsAndExclusionsFollowTheStandard() throws {
    #expect(
      try normalized("NFC", "\u{212B}\u{2126}\u{344}") == [
        "\u{C5}", "\u{3A9}", "\u{308}", "\u{301}",
      ])
    #expect(try normalized("NFC", "\u{958}") == ["\u{915}", "\u{93C}"])
    #expect(try normalized("Lowercase", "ΣΑΣ\u{A7CE}") == ["σ", "α", "σ", "\u{A7CF}"])
    #expect(try normalized("StripAccents", "\u{E9}e\u{301}") == ["\u{E9}", "e"])
  }

  /// A text of marks alone, out of order throughout, must not take quadratic time.
  @Test(.timeLimit(.minutes(1))) func sortsLongRunsOfMarks() throws {
    let text = "a" + String(repeating: "\u{301}\u{316}", count: 20_000)
    let expected =
      "a" + String(repeating: "\u{316}", count: 20_000)
      + String(repeating: "\u{301}", count: 20_000)
    let result = try Normalizer(json: ["type": "NFD"]).normalize(Array(text.utf8).span)
    #expect(result == Array(expected.utf8))
  }

  @Test func stripTakesWhiteSpaceOnly() throws {
    let strip = try Normalizer(json: ["type": "Strip", "strip_left": true, "strip_right": false])
    let text = "\u{85}\u{A0} \u{1C}a "
    #expect(strip.normalize(Array(text.utf8).span) == Array("\u{1C}a ".utf8))
  }

  @Test func replacementsStandWhereTheLastReplacedCharacterStood() throws {
    let replace = try Normalizer(json: [
      "type": "Replace", "pattern": ["Regex": #"\s+"#], "content": "__",
    ])
    var text = AlignedText(Array("a \u{3000}b".utf8).span, tracked: true)
    replace.normalize(&text)
    #expect(text.bytes == Array("a__b".utf8))
    #expect((0..<4).map { text.source(of: $0..<($0 + 1)) } == [0..<1, 2..<5, 2..<5, 5..<6])
  }

  @Test func refusesByFieldAndValue() {
    #expect(
      throws: TokenizerError.unsupported(field: "normalizer.type", value: "\"BertNormalizer\"")
    ) {
      try Normalizer(json: ["type": "BertNormalizer"])
    }
    #expect(
      throws: TokenizerError.invalidValue(
        field: "normalizer.normalizers[0].strip_left", value: "1", expected: "true or false")
    ) {
      try Normalizer(json: [
        "type": "Sequence",
        "normalizers": [["type": "Strip", "strip_left": 1, "strip_right": true]],
      ])
    }
  }

  /// As scalars: equality of strings would hide what a normal form does.
  private func normalized(_ type: String, _ text: String) throws -> [Unicode.Scalar] {
    let bytes = Array(text.utf8)
    let normalizer = try Normalizer(json: ["type": .string(JSONString(type))])
    let result = normalizer.normalize(bytes.span) ?? bytes
    return Array(String(decoding: result, as: UTF8.self).unicodeScalars)
  }

  private func places(_ type: String, _ text: String) throws -> [Range<Int>?] {
    var aligned = AlignedText(Array(text.utf8).span, tracked: true)
    try Normalizer(json: ["type": .string(JSONString(type))]).normalize(&aligned)
    return aligned.bytes.indices.map { aligned.source(of: $0..<($0 + 1)) }
  }
}
