import Foundation
import TestSupport
import Testing
import TinkerData
import TinkerJSON
import TinkerRendering
import TinkerTemplate
import TinkerTokenizer

/// Renderers that are made of chat templates.
@Suite struct TemplateRendererTests {
  private static func path(_ name: String) -> String {
    Places.fixtures.appending(path: "templates/\(name).jinja").path
  }

  private static func renderer(
    _ name: String, tokenizer: String = "tiny-qwen3", options: RendererOptions = [:],
    mode: RenderingMode = .reference
  ) throws -> Renderer {
    try Renderer(
      named: "template:" + path(name), tokenizer: try Fixture.tokenizer(tokenizer),
      options: options, mode: mode)
  }

  private static func trained(_ example: SupervisedExample, _ renderer: Renderer) -> String {
    var out = ""
    for segment in example.segments where segment.weight > 0 {
      out += renderer.tokenizer.decode(Array(example.tokens[segment.range])) + "|"
    }
    return out
  }

  private static let call = Message(
    role: Role.assistant, content: "Let me see.",
    toolCalls: [ToolCall(name: "add", arguments: "{\"a\": 2}")])

  @Test func trainsWhatTheModelSays() throws {
    let renderer = try Self.renderer("thinking-tools")
    let thought = Message(
      role: Role.assistant, content: .parts([.thinking("Two and two."), .text("4")]))
    let example = try renderer.supervisedExample(
      for: [.system("Be brief."), .user("2+2?"), thought], trainOn: .allAssistantMessages)
    #expect(
      renderer.tokenizer.decode(example.tokens)
        == "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n2+2?<|im_end|>\n"
        + "<|im_start|>assistant\n<think>\nTwo and two.\n</think>\n\n4<|im_end|>\n")
    #expect(
      Self.trained(example, renderer) == "<think>\n|Two and two.\n|</think>\n\n|4|<|im_end|>|")
    #expect(renderer.stopSequences == .tokens(renderer.tokenizer.encode("<|im_end|>")))
    #expect(example.tokens == renderer.tokenizer.encode(renderer.tokenizer.decode(example.tokens)))
    let kinds = example.segments.filter { $0.weight > 0 }.map(\.kind)
    #expect(kinds == [.framing, .thinking, .framing, .content, .stop])
  }

  @Test func everyModeTrainsItsMessages() throws {
    let renderer = try Self.renderer("thinking-tools")
    let chat: [Message] = [
      .system("S1"), .user("U1"), .assistant("A1"), .user("U2"), .assistant("A2"),
    ]
    func trained(_ mode: TrainOn) throws -> String {
      let example = try renderer.supervisedExample(for: chat, trainOn: mode)
      return Self.trained(example, renderer).replacing("<|im_end|>", with: "$").replacing(
        "|", with: "")
    }
    #expect(try trained(.lastAssistantMessage) == "A2$")
    #expect(try trained(.lastAssistantTurn) == "A2$")
    #expect(try trained(.allAssistantMessages) == "A1$A2$")
    #expect(try trained(.allMessages) == "S1$U1$A1$U2$A2$")
    #expect(try trained(.allUserAndSystemMessages) == "S1$U1$U2$")
    let all = try renderer.supervisedExample(for: chat, trainOn: .allTokens)
    #expect(all.weights.allSatisfy { $0 == 1 })
    #expect(
      Fixture.error { _ = try renderer.supervisedExample(for: chat, trainOn: .customized) }?.path
        == "messages[0].trainable")
  }

  /// The masks are those of `{% generation %}` markers, found without them.
  @Test func masksEqualMarkers() throws {
    let source = try String(contentsOfFile: Self.path("chatml-marked"), encoding: .utf8)
    let plain = source.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.contains("generation %}") }.joined(separator: "\n")
    #expect(plain.utf8.count < source.utf8.count)
    let folder = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "chat_template.jinja")
    try Data(plain.utf8).write(to: file)
    let marked = try Self.renderer("chatml-marked")
    let unmarked = try Renderer(
      named: "template:" + folder.path, tokenizer: try Fixture.tokenizer("tiny-qwen3"))
    var compared = 0
    for name in ["demo", "turns", "contents", "tools", "thinking", "control-text"] {
      let lines = try jsonLines(Places.fixtures.appending(path: "conversations/\(name).jsonl"))
      for line in lines {
        let values = line["messages"]?.array ?? []
        guard let messages = try? values.map({ try Message(json: $0) }) else { continue }
        let left = try? marked.supervisedExample(for: messages, trainOn: .allAssistantMessages)
        let right = try? unmarked.supervisedExample(for: messages, trainOn: .allAssistantMessages)
        if left?.tokens != right?.tokens || left?.weights != right?.weights {
          Issue.record("\(name): \(line.serialized(.compact))")
          return
        }
        if left != nil { compared += 1 }
      }
    }
    #expect(compared > 60)
  }

  @Test func splitsWhereTheTemplateChangesHistory() throws {
    let renderer = try Self.renderer("thinking-tools")
    let extends = renderer.hasExtensionProperty
    #expect(!extends)
    let thought = Message(
      role: Role.assistant, content: .parts([.thinking("Hm."), .text("A")]))
    let chat = [.user("U1"), thought, .user("U2"), thought]
    let examples = try renderer.supervisedExamples(for: chat, trainOn: .allAssistantMessages)
    #expect(examples.count == 2)
    for example in examples {
      #expect(renderer.tokenizer.decode(example.tokens).contains("<think>\nHm."))
    }
    let plain: [Message] = [.user("U1"), .assistant("A1"), .user("U2"), .assistant("A2")]
    #expect(try renderer.supervisedExamples(for: plain, trainOn: .allAssistantMessages).count == 1)
  }

  @Test func promptIsPrefixAndResponseParsesBack() throws {
    let renderer = try Self.renderer("thinking-tools")
    let chat: [Message] = [.user("2+2?"), Self.call]
    let prompt = try renderer.generationPrompt(for: [chat[0]])
    let example = try renderer.supervisedExample(for: chat)
    #expect(example.tokens.starts(with: prompt.tokens))
    let response = Array(example.tokens[prompt.tokens.count...].dropLast())
    let parsed = try renderer.parse(response)
    #expect(parsed.termination == .stopSequence)
    #expect(parsed.message.toolCalls == [ToolCall(name: "add", arguments: "{\"a\": 2}")])
    #expect(parsed.message.content.joinedText.hasPrefix("Let me see."))
    let prefilled = try renderer.generationPrompt(for: [chat[0]], prefill: "It")
    #expect(renderer.tokenizer.decode(prefilled.tokens).hasSuffix("assistant\nIt"))
    #expect(prefilled.segments.last?.kind == .prefill)
  }

  @Test func toolsAreGivenToTheTemplate() throws {
    let renderer = try Self.renderer("thinking-tools")
    let tool = ToolSpec(name: "add", description: "Adds.", parameters: [:])
    let conversation = Conversation(
      messages: [.system("Be brief."), .user("Hi"), .assistant("Yo")], tools: [tool])
    let messages = try renderer.messages(of: conversation)
    let example = try renderer.supervisedExample(for: messages, trainOn: .allAssistantMessages)
    let text = renderer.tokenizer.decode(example.tokens)
    #expect(
      text.contains("# Tools\n<tools>\n{\"type\": \"function\", \"function\": {\"name\": \"add\""))
    #expect(Self.trained(example, renderer).hasPrefix("Yo"))
  }

  @Test func optionsAreVariablesDateAndStop() throws {
    let off = try Self.renderer("thinking-tools", options: ["enable_thinking": "false"])
    let prompt = try off.generationPrompt(for: [.user("Hi")])
    #expect(off.tokenizer.decode(prompt.tokens).hasSuffix("<think>\n\n</think>\n\n"))
    #expect(
      Fixture.error { _ = try Self.renderer("thinking-tools", options: ["enable_thinkin": "1"]) }?
        .path == "enable_thinkin")
    let dated = try Self.renderer(
      "dated-headers", tokenizer: "tiny-llama3", options: ["date": "2026-07-01"])
    let text = dated.tokenizer.decode(try dated.generationPrompt(for: [.user("Hi")]).tokens)
    #expect(text.contains("Today: 01 Jul 2026"))
    #expect(text.hasPrefix("<|begin_of_text|>"))
    let undated = try Self.renderer("dated-headers", tokenizer: "tiny-llama3")
    let error = Fixture.error { _ = try undated.generationPrompt(for: [.user("Hi")]) }
    #expect(error?.kind == .unsupported)
    let stopped = try Self.renderer("plain-lines", options: ["stop": "\nUser:"])
    #expect(stopped.stopSequences == .strings(["\nUser:"]))
  }

  @Test func refusals() throws {
    let alternating = try Self.renderer("alternating")
    let refused = Fixture.error {
      _ = try alternating.supervisedExample(for: [.system("S"), .user("U")])
    }
    #expect(refused?.message.contains("must alternate") == true)
    let reasoning = Message(role: Role.assistant, content: .parts([.thinking("T"), .text("A")]))
    let lost = Fixture.error {
      _ = try alternating.supervisedExample(for: [.user("U"), reasoning])
    }
    #expect(lost?.path == "messages[1].content")
    #expect(Fixture.error { _ = try Self.renderer("nothing") }?.kind == .request)
    let image = Message(role: Role.user, content: .parts([.image(.reference("x.png"))]))
    #expect(
      Fixture.error { _ = try alternating.generationPrompt(for: [image]) }?.path
        == "messages[0].content[0]")
    #expect(
      Fixture.error { _ = try alternating.generationPrompt(for: [.user("U")], role: "tool") }?.kind
        == .unsupported)
  }

  @Test func textStaysTextInPlainMode() throws {
    let renderer = try Self.renderer("thinking-tools", mode: .plainText)
    let end = renderer.tokenizer.encode("<|im_end|>")[0]
    let chat: [Message] = [.user("a<|im_end|>b"), .assistant("c")]
    let example = try renderer.supervisedExample(for: chat, trainOn: .allAssistantMessages)
    #expect(example.tokens.count { $0 == end } == 2)
    #expect(renderer.tokenizer.decode(example.tokens).contains("a<|im_end|>b"))
  }
}
