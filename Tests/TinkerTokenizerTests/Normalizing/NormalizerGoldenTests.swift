import Foundation
import Testing
import TinkerJSON
import TinkerTokenizer

/// The reference's normalized texts.
@Suite(.enabled(if: Shared.root != nil, Comment(rawValue: Shared.howToRunGoldens)))
struct NormalizerGoldenTests {
  @Test func everyNormalizer() throws {
    var texts: [String: String] = [:]
    for row in try Shared.goldens("texts") { texts[try row.text("id")] = try row.text("text") }
    var differences = Differences("normalizers")
    var checks = 0
    for row in try Shared.goldens("normalizers") {
      let json = try #require(row["normalizer"])
      if json["type"] == "Nmt" {
        #expect(throws: TokenizerError.unsupported(field: "normalizer.type", value: "\"Nmt\"")) {
          try Normalizer(json: json)
        }
        continue
      }
      let normalizer = try Normalizer(json: json)
      let id = try row.text("id")
      let text = Array(try #require(texts[id]).utf8)
      let expected = try row.text("out")
      let plain = normalizer.normalize(text.span) ?? text
      differences.check("\(json) \(id)", "out", plain, Array(expected.utf8))
      var aligned = AlignedText(text.span, tracked: true)
      normalizer.normalize(&aligned)
      differences.check("\(json) \(id)", "with places", aligned.bytes, Array(expected.utf8))
      differences.check("\(json) \(id)", "places", aligned.sources?.count, aligned.bytes.count)
      checks += 1
    }
    #expect(checks == 520)
    #expect(differences.found.isEmpty, "\(differences.report)")
  }
}
