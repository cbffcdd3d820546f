import Testing
import TinkerJSON
import TinkerTokenizer

@Suite struct PreTokenizerTests {
  @Test func nothingLeavesATextWhole() throws {
    for json in [nil, .null, sequence([])] as [JSONValue?] {
      let splitter = try PreTokenizer(json: json)
      #expect(pieces(of: "a b", splitter) == ["a b"])
      #expect(pieces(of: "", splitter) == [])
      #expect(!splitter.endsInByteLevel)
    }
  }

  @Test func byteLevelSplitsAsGPT2UnlessToldNotTo() throws {
    let plain = try PreTokenizer(json: byteLevel(addsSpace: false, usesRegex: nil))
    #expect(plain.endsInByteLevel && !plain.addsPrefixSpace)
    #expect(pieces(of: "I'm  12", plain) == ["I", "'m", " ", " 12"])
    let whole = try PreTokenizer(json: byteLevel(addsSpace: false, usesRegex: false))
    #expect(pieces(of: "I'm  12", whole) == ["I'm  12"])
  }

  /// Every piece that `ByteLevel` receives gets a space, and the space stands where the piece begins.
  @Test func spacesArePutBeforeEveryPiece() throws {
    let splitter = try PreTokenizer(
      json: sequence([
        ["type": "Digits", "individual_digits": true], byteLevel(addsSpace: true, usesRegex: true),
      ]))
    #expect(splitter.addsPrefixSpace)
    var text = AlignedText(Array("a1\tb".utf8).span, origin: 10, tracked: true)
    var buffer = PieceBuffer()
    splitter.split(adding: &text, into: &buffer)
    #expect(String(decoding: text.bytes, as: UTF8.self) == " a 1 \tb")
    #expect(
      buffer.ranges.map { text.source(of: $0) } == [10..<11, 11..<12, 12..<13, 12..<13, 13..<14])
  }

  @Test func piecesThatLeaveTextOutHaveStarts() throws {
    let splitter = try PreTokenizer(json: ["type": "WhitespaceSplit"])
    var buffer = PieceBuffer()
    splitter.split(Array(" ab\u{3000}c".utf8).span, into: &buffer)
    #expect(!buffer.isContiguous)
    #expect(buffer.ranges == [1..<3, 6..<7])
    splitter.split(Array("ab".utf8).span, into: &buffer)
    #expect(buffer.isContiguous)
    #expect(buffer.ranges == [0..<2])
  }

  @Test func punctuationAndDigitsFollowTheirOwnVersions() throws {
    let punctuation = try PreTokenizer(json: ["type": "Punctuation"])
    #expect(
      pieces(of: "a\u{166D}b$\u{2E43}", punctuation) == ["a", "\u{166D}", "b", "$", "\u{2E43}"])
    let digits = try PreTokenizer(json: ["type": "Digits", "individual_digits": false])
    #expect(pieces(of: "a½²Ⅻ٣b", digits) == ["a", "½²Ⅻ٣", "b"])
  }

  @Test func refusesByFieldAndValue() {
    expectError(
      ["type": "Metaspace"], .unsupported(field: "pre_tokenizer.type", value: "\"Metaspace\""))
    expectError(
      sequence([["type": "Whitespace"], ["type": "UnicodeScripts"]]),
      .unsupported(field: "pre_tokenizer.pretokenizers[1].type", value: "\"UnicodeScripts\""))
    expectError(
      sequence([byteLevel(addsSpace: false, usesRegex: false), ["type": "Whitespace"]]),
      .unsupported(
        field: "pre_tokenizer.pretokenizers[1].type", value: "Whitespace behind ByteLevel"))
    expectError(
      ["type": "Digits"],
      .invalidValue(
        field: "pre_tokenizer", value: "{\"type\": \"Digits\"}",
        expected: "a member \"individual_digits\""))
    expectError(
      ["type": "Punctuation", "behavior": "Shredded"],
      .unsupported(field: "pre_tokenizer.behavior", value: "\"Shredded\""))
    expectError(
      ["type": "Split", "pattern": ["Glob": "*"], "behavior": "Isolated", "invert": false],
      .unsupported(field: "pre_tokenizer.pattern", value: "{\"Glob\": \"*\"}"))
  }

  private func expectError(_ json: JSONValue, _ error: TokenizerError) {
    #expect(throws: error) { try PreTokenizer(json: json) }
  }

  private func byteLevel(addsSpace: Bool, usesRegex: Bool?) -> JSONValue {
    var object: JSONObject = [
      "type": "ByteLevel", "add_prefix_space": .bool(addsSpace), "trim_offsets": true,
    ]
    if let usesRegex { object["use_regex"] = .bool(usesRegex) }
    return .object(object)
  }
}
