import Foundation
import TestSupport
import Testing
import TinkerJSON
import TinkerServer

/// The official SDK and the cookbook against the server.
@Suite(
  .serialized,
  .enabled(
    if: SDK.python != nil,
    """
    needs the SDK: pip install tinker==0.38.0 tinker_cookbook==0.6.1 torch numpy transformers, then \
    TINKERKIT_TINKER_PYTHON=/path/to/python swift test --filter SDKTests; a colon adds a second \
    python, for example with tinker 0.24.1
    """))
struct SDKTests {
  private static func server() async throws -> TestServer {
    let argument = try ModelArgument(
      "tiny=seed:1,width=64,layers=2,context=1024", tokenizerFolder: SDK.tokenizer)
    return try await TestServer([argument.model])
  }

  @Test(.enabled(if: Places.shared != nil, Comment(rawValue: Places.sharedHint)))
  func endToEnd() async throws {
    let shared = try #require(Places.shared)
    for python in SDK.python ?? [] {
      let server = try await Self.server()
      let outcome = try await SDK.run(
        python,
        [
          shared.appending(path: "tools/wire/e2e.py").path, "--base-url", server.url, "--model",
          "tiny", "--tokenizer", SDK.tokenizer,
        ])
      await server.stop()
      let last = outcome.split(separator: "\n").last { $0.contains("with tinker") } ?? ""
      #expect(last.contains(" 0 FAIL"), "\(outcome)")
    }
  }

  @Test func cookbookLoop() async throws {
    let server = try await Self.server()
    let outcome = try await SDK.run(
      try #require(SDK.python?.first),
      [
        Places.package.appending(path: "Tests/TinkerServerTests/Python/cookbook_loop.py").path,
        "--base-url", server.url, "--model", "tiny", "--data",
        Places.fixtures.appending(path: "conversations/demo.jsonl").path,
      ])
    await server.stop()
    let line = try #require(outcome.split(separator: "\n").last { $0.hasPrefix("{") }, "\(outcome)")
    let report = try JSONValue.parse(String(line))
    let losses = report["losses"]?.array?.compactMap(\.double) ?? []
    #expect(losses.count == 20 && (losses.last ?? .nan) < losses[0] / 2, "\(losses)")
    #expect(report["resumed"] == report["going_on"])
  }
}

/// The pythons with the SDK, and how they are run.
private enum SDK {
  static let python = ProcessInfo.processInfo.environment["TINKERKIT_TINKER_PYTHON"]
    .map { $0.split(separator: ":").map(String.init) }
  static let tokenizer = Places.fixtures.appending(path: "tokenizers/tiny-qwen3").path

  /// What a script prints.
  static func run(_ python: String, _ arguments: [String]) async throws -> String {
    let folder = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    let output = folder.appending(path: "output")
    try Data().write(to: output)
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = arguments
    let handle = try FileHandle(forWritingTo: output)
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    while process.isRunning { try await Task.sleep(for: .milliseconds(100)) }
    return try String(contentsOf: output, encoding: .utf8)
  }
}
