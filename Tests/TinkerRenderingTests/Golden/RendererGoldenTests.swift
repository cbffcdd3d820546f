import Testing
import TinkerJSON
import TinkerRendering
import TinkerTokenizer

@Suite(
  .enabled(
    if: SharedFiles.arePresent,
    """
    needs the goldens and genuine tokenizers: unpack them with shared/tokenizers/unpack.sh DIR and \
    set TINKERKIT_TOKENIZERS=DIR (and TINKERKIT_SHARED, if shared is not beside the package)
    """))
struct RendererGoldenTests {
  static let files = [
    "role_colon.llama3", "role_colon.qwen3", "role_colon.deepseekv3", "llama3", "qwen3",
    "qwen3.keep_thinking", "qwen3_disable_thinking", "qwen3_instruct", "qwen3_vl",
    "qwen3_vl.keep_unmerged", "qwen3_vl_instruct", "deepseekv3", "deepseekv3.system_as_user",
    "deepseekv3_thinking", "deepseekv3_thinking.keep_thinking",
  ]

  @Test(arguments: files)
  func everyRow(of file: String) throws {
    let folder = try #require(SharedFiles.folder)
    let rows = try SharedFiles.rows("\(folder)/golden/renderers/\(file).jsonl")
    let info = try #require(rows.first)
    var options = RendererOptions()
    for (key, value) in info["options"]?.object ?? [:] {
      options[key.description] = value.text ?? value.serialized()
    }
    let renderer = try Renderer(
      named: try #require(info["renderer"]?.text),
      tokenizer: try SharedFiles.tokenizer(try #require(info["tokenizer"]?.text)),
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
