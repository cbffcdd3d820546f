import Foundation
import TestSupport
import Testing
import TinkerKit
import TinkerTestKit

/// The testing section of the README: a suite as a user writes it.
@Suite struct AlignmentTests {
  let renderer = Result {
    try Renderer(
      named: "qwen3_instruct",
      tokenizer: try Tokenizer(
        contentsOf: Places.fixtures.appending(path: "tokenizers/tiny-qwen3").path))
  }

  @Test func trainsTheAnswersAndNothingElse() throws {
    let renderer = try renderer.get()

    let chat: [Message] = [.user("2+2?"), .assistant("4"), .user("3+3?"), .assistant("6")]
    try expectAligned(chat, renderer: renderer, trains: ["4<|im_end|>", "6<|im_end|>"])
    try expectPrefixProperty(chat, renderer: renderer)
    try expectParsesBack(chat, renderer: renderer)
    try expectSnapshot(of: chat, renderer: renderer, named: "sums")
  }
}
