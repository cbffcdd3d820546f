import Foundation
import Testing
import TinkerJSON
import TinkerTokenizer

/// The reference's pieces for the texts of the goldens.
@Suite(.enabled(if: Shared.root != nil, Comment(rawValue: Shared.howToRunGoldens)))
struct SplittingGoldenTests {
  static let patterns = ["gpt2", "cl100k", "qwen2", "qwen3_5", "o200k", "kimi_k2"]

  @Test(arguments: patterns) func everyEndOfAPattern(_ name: String) throws {
    let texts = try goldenTexts()
    let pattern = try #require(KnownPatterns.byName[name])
    let scheme = try PreTokenizer(json: isolatedSplit(pattern))
    // An empty group keeps the meaning and hides the pattern from the recogniser.
    let searched = try PreTokenizer(json: isolatedSplit("(?:)" + pattern))
    var differences = Differences(name)
    var checks = 0
    for row in try Shared.goldens("patterns") where try row.text("pattern") == name {
      let id = try row.text("id")
      let bytes = Array(try #require(texts[id]).utf8)
      let offsets = scalarOffsets(of: bytes)
      let expected = try #require(row.integers("ends"))
      var pieces = PieceBuffer()
      for (what, splitter) in [("scanned", scheme), ("searched", searched)] {
        splitter.split(bytes.span, into: &pieces)
        differences.check(id, what, pieces.ranges.map { offsets[$0.upperBound] }, expected)
      }
      checks += 1
    }
    #expect(checks == 675)
    #expect(differences.found.isEmpty, "\(differences.report)")
  }

  /// Kinds that are not supported must be refused by name.
  @Test func everyPreTokenizer() throws {
    let texts = try goldenTexts()
    var differences = Differences("pre-tokenizers")
    var refused: Set<String> = []
    var checks = 0
    var made: [JSONValue: PreTokenizer] = [:]
    for row in try Shared.goldens("pretokenizers") {
      let json = try #require(row["pre_tokenizer"])
      let id = try row.text("id")
      let type = try #require(json["type"]?.text)
      if Self.unsupported.contains(type) {
        refused.insert(type)
        #expect(
          throws: TokenizerError.unsupported(field: "pre_tokenizer.type", value: "\"\(type)\"")
        ) {
          try PreTokenizer(json: json)
        }
        continue
      }
      let splitter = try made[json] ?? PreTokenizer(json: json)
      made[json] = splitter
      let original = Array(try #require(texts[id]).utf8)
      let offsets = scalarOffsets(of: original)
      var text = AlignedText(original.span, tracked: true)
      var pieces = PieceBuffer()
      splitter.split(adding: &text, into: &pieces)
      let found = pieces.ranges.map { range -> JSONValue in
        let bytes = text.bytes[range]
        let source = text.source(of: range) ?? 0..<0
        let piece =
          splitter.endsInByteLevel ? byteAlphabet(bytes) : String(decoding: bytes, as: UTF8.self)
        return [
          .string(JSONString(piece)),
          [
            .number(.integer(offsets[source.lowerBound])),
            .number(.integer(offsets[source.upperBound])),
          ],
        ]
      }
      differences.check("\(json) \(id)", "pieces", .array(found), try #require(row["pieces"]))
      checks += 1
    }
    #expect(checks == 1_075)
    #expect(refused == Self.unsupported)
    #expect(differences.found.isEmpty, "\(differences.report)")
  }

  static let unsupported: Set = [
    "BertPreTokenizer", "Metaspace", "UnicodeScripts", "CharDelimiterSplit",
  ]

  private func goldenTexts() throws -> [String: String] {
    var texts: [String: String] = [:]
    for row in try Shared.goldens("texts") { texts[try row.text("id")] = try row.text("text") }
    return texts
  }
}
