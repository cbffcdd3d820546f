import Foundation
import Testing
import TinkerJSON
import TinkerTokenizer

/// Every text of the goldens through every tokenizer: ids in four modes, offsets, decoded text.
@Suite(.enabled(if: Shared.canRunGoldens, Comment(rawValue: Shared.howToRunGoldens)))
struct TokenizerGoldenTests {
  static let names = [
    "deepseekv3", "deepseekv4", "gpt2", "gpt_oss", "llama3", "qwen3", "qwen3_5", "syn_bytelevel",
    "syn_fallback", "syn_unk",
  ]

  static func load(_ name: String) throws -> Tokenizer {
    let folder = try #require(Shared.tokenizers).appending(path: name)
    return try Tokenizer(contentsOf: folder.path())
  }

  @Test(arguments: names) func everyRow(_ name: String) throws {
    let tokenizer = try Self.load(name)
    var texts: [String: String] = [:]
    for row in try Shared.goldens("texts") { texts[try row.text("id")] = try row.text("text") }
    var differences = Differences(name)
    let knowing = tokenizer.makeEncoder(knowsWords: true)
    var checks = 0
    for row in try Shared.goldens(name) {
      let id = try row.text("id")
      let text = try #require(texts[id])
      let plain = try #require(row.ids("plain"))
      let whole = row.ids("ids") ?? plain
      let raw = row.ids("raw") ?? plain
      let none = row.ids("none") ?? raw
      differences.check(id, "plain", tokenizer.encode(text), plain)
      var known: [UInt32] = []
      knowing.append(text, to: &known)
      differences.check(id, "ids of a knowing encoder", known, plain)
      differences.check(id, "ids", tokenizer.encode(text, addSpecialTokens: true), whole)
      differences.check(id, "raw", tokenizer.encode(text, addedTokens: .literal), raw)
      differences.check(id, "none", tokenizer.encode(text, addedTokens: .none), none)
      differences.check(id, "count", tokenizer.count(text, addSpecialTokens: true), whole.count)
      let encoding = tokenizer.encodeWithOffsets(text)
      differences.check(id, "ids with offsets", encoding.ids, plain)
      if let offsets = row.integers("off") {
        let found = encoding.scalarOffsets.flatMap { [$0.lowerBound, $0.upperBound] }
        differences.check(id, "off", found, offsets)
      }
      let decoded = row["dec"] == nil ? text : try row.text("dec")
      let skipped = row["dec_skip"] == nil ? decoded : try row.text("dec_skip")
      differences.check(id, "dec", Array(tokenizer.decode(plain).utf8), Array(decoded.utf8))
      differences.check(
        id, "dec_skip", Array(tokenizer.decode(plain, skipSpecialTokens: true).utf8),
        Array(skipped.utf8))
      checks += 9
    }
    #expect(checks > 5_000)
    #expect(differences.found.isEmpty, "\(differences.report)")
  }

  @Test func everyStream() throws {
    var differences = Differences("streams")
    var tokenizers: [String: Tokenizer] = [:]
    for (index, row) in try Shared.goldens("streams").enumerated() {
      let name = try row.text("tokenizer")
      let tokenizer = try tokenizers[name] ?? Self.load(name)
      tokenizers[name] = tokenizer
      let ids = try #require(row.ids("ids"))
      let skips = row["skip"] == .bool(true)
      let text = try row.text("text")
      let id = "\(name) line \(index + 1)"
      differences.check(
        id, "text", Array(tokenizer.decode(ids, skipSpecialTokens: skips).utf8), Array(text.utf8))
      guard case .array(let expected)? = row["chunks"] else { continue }
      var stream = tokenizer.makeDecodeStream(skipSpecialTokens: skips)
      var chunks: [JSONValue] = []
      var failed = false
      for id in ids {
        do {
          chunks.append(try stream.step(id).map { .string(JSONString($0)) } ?? .null)
        } catch {
          failed = true
          break
        }
      }
      differences.check(id, "chunks", chunks, expected)
      differences.check(id, "error", failed, row["error"] != nil)
    }
    #expect(differences.found.isEmpty, "\(differences.report)")
  }
}
