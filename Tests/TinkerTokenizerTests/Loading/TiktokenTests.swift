import Foundation
import Testing
import TinkerTokenizer

/// A folder with `tiktoken.model` and no `tokenizer.json`.
@Suite struct TiktokenTests {
  /// A folder with these files, for as long as the body runs.
  static func withFolder<Result>(
    model: String, configuration: String? = nil, _ body: (String) throws -> Result
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(model.utf8).write(to: folder.appending(path: "tiktoken.model"))
    if let configuration {
      try Data(configuration.utf8).write(to: folder.appending(path: "tokenizer_config.json"))
    }
    return try body(folder.path())
  }

  /// All bytes, and tokens behind them.
  static func model(_ tokens: [String]) -> String {
    let all = (0...255).map { Data([UInt8($0)]) } + tokens.map { Data($0.utf8) }
    return all.enumerated().map { "\($1.base64EncodedString()) \($0)\n" }.joined()
  }

  static let configuration = """
    {"bos_token": "[BOS]", "added_tokens_decoder": {
    "300": {"content": "[BOS]", "special": true}, "310": {"content": "<|im_end|>", "special": true}}}
    """

  @Test func ranksAndSpecialTokens() throws {
    // `abc` comes before `bc`, so `abc` merges from `ab`, and `xbc` has to wait for its `bc`.
    let model = Self.model(["ab", "abc", "bc", "世界"])
    try Self.withFolder(model: model, configuration: Self.configuration) { folder in
      let tokenizer = try Tokenizer(contentsOf: folder)
      #expect(tokenizer.encode("abc") == [257])
      #expect(tokenizer.encode("xbc") == [0x78, 258])
      #expect(tokenizer.encode("世界") == [259])
      let ids = tokenizer.encode("[BOS]ab<|im_end|>")
      #expect(ids == [300, 256, 310])
      #expect(tokenizer.decode(ids) == "[BOS]ab<|im_end|>")
      #expect(tokenizer.decode(ids, skipSpecialTokens: true) == "ab")
      #expect(tokenizer.encode("[BOS]", addedTokens: .none).count == 5)
      #expect(tokenizer.beginningOfSequence?.id == 300)
      #expect(tokenizer.token(for: 305) == nil)
    }
  }

  @Test(arguments: [
    ("", "a line for each token"), ("YQ== 0\nYg 1\n", "line 2"), ("YQ== x\n", "line 1"),
    ("YQ==\n", "line 1"), ("Y!== 0\n", "line 1"), ("YQ== 0\nYg== 0\n", "the rank 0"),
    ("YQ== 0\nYQ== 1\n", "a token given twice"), ("YQ== -1\n", "the rank -1"),
    ("YQ== 4000000\n", "the limit is"), ("YQ== 99999999\n", "the rank 99999999"),
    ("YQ== 0\n\u{0}\n", "line 2"),
  ])
  func badModels(_ model: String, _ part: String) throws {
    try Self.withFolder(model: model) { folder in
      do {
        _ = try Tokenizer(contentsOf: folder)
        Issue.record("it loads")
      } catch {
        #expect("\(error)".contains(part))
      }
    }
  }
}
