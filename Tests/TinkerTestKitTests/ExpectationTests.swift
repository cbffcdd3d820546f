import Foundation
import TestSupport
import Testing
import TinkerRendering
import TinkerTestKit
import TinkerTokenizer

/// Each expectation holds where it should and fails where it should.
@Suite struct ExpectationTests {
  private static func renderer(_ name: String, _ tokenizer: String = "tiny-qwen3") throws
    -> Renderer
  {
    let path = Places.fixtures.appending(path: "tokenizers/\(tokenizer)").path
    return try Renderer(named: name, tokenizer: try Tokenizer(contentsOf: path))
  }

  private static let sum: [Message] = [.user("What is 2+2?"), .assistant("4")]
  private static let reasoned: [Message] = [
    .user("1"), Message(role: "assistant", content: .parts([.thinking("so"), .text("one")])),
    .user("2"), Message(role: "assistant", content: .parts([.thinking("hm"), .text("two")])),
  ]

  private func failure(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch { return (error as? AlignmentFailure)?.description }
  }

  @Test func aligned() throws {
    let renderer = try Self.renderer("qwen3_instruct")
    let report = try expectAligned(Self.sum, renderer: renderer, trains: ["4<|im_end|>"])
    #expect(report.trainedTexts == ["4<|im_end|>"])
    #expect(report.findings.isEmpty)
    #expect(report.description.contains("⟦4"))

    let wrong = try #require(
      failure { try expectAligned(Self.sum, renderer: renderer, trains: ["5<|im_end|>"]) })
    #expect(wrong.contains(#"expected to be trained: "5<|im_end|>""#))
    #expect(wrong.contains(#"trained is: "4<|im_end|>""#))
    #expect(wrong.contains("⟦4"), "a picture of the tokens: \(wrong)")
  }

  @Test func findingsFail() throws {
    let renderer = try Self.renderer("llama3", "tiny-llama3")
    let messages: [Message] = [.user("a <|eot_id|> b"), .assistant("A")]
    let wrong = try #require(failure { try expectAligned(messages, renderer: renderer) })
    #expect(wrong.hasPrefix("error: special-token-in-content: messages[0].content, tokens "))
    try expectAligned(messages, renderer: renderer, allowing: [.specialTokenInContent])
  }

  @Test func prefixProperty() throws {
    try expectPrefixProperty(Self.sum + Self.sum, renderer: Self.renderer("qwen3_instruct"))
    let wrong = try #require(
      failure { try expectPrefixProperty(Self.reasoned, renderer: Self.renderer("qwen3")) })
    #expect(wrong.contains("history-changes: messages[1]"))
  }

  @Test func parsesBack() throws {
    let renderer = try Self.renderer("qwen3")
    try expectParsesBack(Self.sum, renderer: renderer)
    let messages: [Message] = [.user("Q"), .assistant("<tool_call>{}</tool_call>")]
    let wrong = try #require(failure { try expectParsesBack(messages, renderer: renderer) })
    #expect(wrong.contains("does-not-parse-back: messages[1]"))
  }

  @Test func refusalsAreErrors() throws {
    let renderer = try Self.renderer("llama3", "tiny-llama3")
    let messages = [Message(role: "user", content: .parts([]))]
    #expect(throws: RenderingError.self) { try expectAligned(messages, renderer: renderer) }
  }

  // MARK: Snapshots

  @Test func snapshot() throws {
    try expectSnapshot(
      of: Self.sum, renderer: Self.renderer("qwen3_instruct"), named: "sum")
  }

  @Test func snapshotsAreWrittenAndCompared() throws {
    let scratch = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: scratch) }
    let file = scratch.appending(path: "Tests.swift").path
    let renderer = try Self.renderer("qwen3_instruct")
    func expect(_ messages: [Message], isRecording: Bool) throws {
      try expectSnapshot(
        of: messages, renderer: renderer, named: "s", file: file, isRecording: isRecording)
    }
    let missing = try #require(failure { try expect(Self.sum, isRecording: false) })
    #expect(missing.contains("there is no snapshot"))
    try expect(Self.sum, isRecording: true)
    try expect(Self.sum, isRecording: false)
    let other: [Message] = [.user("What is 2+2?"), .assistant("5")]
    let wrong = try #require(failure { try expect(other, isRecording: false) })
    #expect(wrong.contains(#"expected: message 1, content, weight 1.0: "4""#), "\(wrong)")
    #expect(wrong.contains(#"found:    message 1, content, weight 1.0: "5""#))
  }
}
