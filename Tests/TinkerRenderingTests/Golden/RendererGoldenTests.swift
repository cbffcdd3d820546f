import Foundation
import TestSupport
import Testing
import TinkerJSON
import TinkerRendering
import TinkerTokenizer

/// Every row of what the reference renders and parses.
@Suite struct RendererGoldenTests {
  /// Over the small tokenizers of the package.
  @Test(arguments: [
    "role_colon", "llama3", "qwen3", "qwen3.keep_thinking", "qwen3_disable_thinking",
    "qwen3_instruct", "deepseekv3", "deepseekv3_thinking",
  ])
  func fixture(_ file: String) throws {
    try Self.check(
      file, in: Places.fixtures.appending(path: "golden/renderers"),
      tokenizers: Places.fixtures.appending(path: "tokenizers"))
  }

  /// Over genuine tokenizers.
  @Test(
    .enabled(if: Places.shared != nil, Comment(rawValue: Places.sharedHint)),
    .enabled(
      if: Places.genuineTokenizers != nil, Comment(rawValue: Places.genuineTokenizersHint)),
    arguments: [
      "role_colon.llama3", "role_colon.qwen3", "role_colon.deepseekv3", "llama3", "qwen3",
      "qwen3.keep_thinking", "qwen3_disable_thinking", "qwen3_instruct", "qwen3_vl",
      "qwen3_vl.keep_unmerged", "qwen3_vl_instruct", "deepseekv3", "deepseekv3.system_as_user",
      "deepseekv3_thinking", "deepseekv3_thinking.keep_thinking",
    ])
  func genuine(_ file: String) throws {
    let shared = try #require(Places.shared)
    try Self.check(
      file, in: shared.appending(path: "golden/renderers"),
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
