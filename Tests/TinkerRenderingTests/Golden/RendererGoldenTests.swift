import Foundation
import TestSupport
import Testing
import TinkerJSON
import TinkerRendering
import TinkerTokenizer

/// Every row of what the reference renders and parses.
@Suite struct RendererGoldenTests {
  private static let fixtures = Places.fixtures.appending(path: "golden/renderers")
  private static let genuine = Places.shared?.appending(path: "golden/renderers")

  /// The names of the golden files in a folder.
  private static func files(in folder: URL?) -> [String] {
    guard let folder, let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    else { return [] }
    return names.filter { $0.hasSuffix(".jsonl") }.map { String($0.dropLast(6)) }.sorted()
  }

  @Test func thereAreGoldensOfEveryFamily() {
    let files = Self.files(in: Self.fixtures)
    for family in [
      "role_colon", "llama3", "qwen3", "qwen3_5", "qwen3_8", "deepseekv3", "deepseekv4_1",
      "gpt_oss",
      "glm5_3", "kimi_k2", "nemotron3",
    ] {
      #expect(files.contains { $0.hasPrefix(family) }, "\(family)")
    }
  }

  /// Over the small tokenizers of the package.
  @Test(arguments: files(in: fixtures))
  func small(_ file: String) throws {
    try Self.check(
      file, in: Self.fixtures,
      tokenizers: Places.fixtures.appending(path: "tokenizers"))
  }

  /// Over genuine tokenizers.
  @Test(
    .enabled(if: Places.shared != nil, Comment(rawValue: Places.sharedHint)),
    .enabled(
      if: Places.genuineTokenizers != nil, Comment(rawValue: Places.genuineTokenizersHint)),
    arguments: files(in: genuine))
  func published(_ file: String) throws {
    try Self.check(
      file, in: try #require(Self.genuine),
      tokenizers: try #require(Places.genuineTokenizers))
  }

  private static func check(_ file: String, in folder: URL, tokenizers: URL) throws {
    let rows = try jsonLines(folder.appending(path: file + ".jsonl"))
    let info = try #require(rows.first)
    var options = RendererOptions()
    for (key, value) in info["options"]?.object ?? [:] {
      options[key.description] = value.text ?? value.serialized()
    }
    let tokenizer = try #require(info["tokenizer"]?.text)
    let renderer = try Renderer(
      named: try #require(info["renderer"]?.text),
      tokenizer: try Tokenizer(contentsOf: tokenizers.appending(path: tokenizer).path),
      options: options, images: HeaderImages())
    var check = GoldenCheck(renderer, file: file)
    check.check(info: info)
    for row in rows.dropFirst() { try check.check(row) }
    print("\(file): \(check.passed) passed, \(check.differences.count) failed")
    for difference in check.differences.prefix(5) { Issue.record("\(difference)") }
    #expect(check.differences.isEmpty)
    #expect(check.passed > 0)
  }
}
