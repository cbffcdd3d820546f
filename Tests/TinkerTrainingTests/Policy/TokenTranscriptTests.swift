import Foundation
import TestSupport
import Testing
import TinkerData
import TinkerRendering
import TinkerTokenizer
import TinkerTraining

/// Later turns are appended to what the model wrote, or refused with the reason.
@Suite struct TokenTranscriptTests {
  static func renderer(_ name: String) throws -> Renderer {
    try Renderer(
      named: name,
      tokenizer: try Tokenizer(
        contentsOf: Places.fixtures.appending(path: "tokenizers/tiny-qwen3").path))
  }

  @Test func whatWasWrittenIsKept() throws {
    let renderer = try Self.renderer("qwen3_instruct")
    let tokenizer = renderer.tokenizer
    var transcript = try TokenTranscript([.user("Hello")], renderer: renderer)
    let prompt = try #require(transcript.input.tokens)
    // Letter by letter, as no encoder would write it.
    let written = "river".map { tokenizer.encode(String($0))[0] } + tokenizer.encode("<|im_end|>")
    #expect(try transcript.take(written).message == .assistant("river"))
    try transcript.append([.user("More")])
    let next = try #require(transcript.input.tokens)
    #expect(Array(next.prefix(prompt.count + written.count)) == prompt + written)
    let rendered = try renderer.generationPrompt(
      for: [.user("Hello"), .assistant("river"), .user("More")])
    let tail = Array(next.dropFirst(prompt.count + written.count))
    #expect(Array(rendered.tokens.suffix(tail.count)) == tail && !tail.isEmpty)
    #expect(tokenizer.decode(next) == tokenizer.decode(rendered.tokens))
  }

  @Test func anAnswerWithoutEndIsRefused() throws {
    let renderer = try Self.renderer("qwen3_instruct")
    var transcript = try TokenTranscript([.user("Hello")], renderer: renderer)
    try transcript.take(renderer.tokenizer.encode("river"))
    #expect(throws: TokenTranscript.Break.unfinished) { try transcript.append([.user("More")]) }
    try transcript.renderAgain(with: [.user("More")])
    let rendered = try renderer.generationPrompt(for: transcript.messages)
    #expect(transcript.input.tokens == rendered.tokens)
  }

  @Test func droppedReasoningIsRefused() throws {
    let renderer = try Self.renderer("qwen3")
    var transcript = try TokenTranscript([.user("Hello")], renderer: renderer)
    try transcript.take(
      renderer.tokenizer.encode("<think>\nEasy.\n</think>\n\nriver<|im_end|>"))
    #expect(throws: TokenTranscript.Break.answerChanges) {
      try transcript.append([.user("More")])
    }
  }
}
