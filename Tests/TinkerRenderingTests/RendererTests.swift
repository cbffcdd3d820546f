import Testing
import TinkerJSON
import TinkerRendering

@Suite struct RendererTests {
  private let tool = ToolSpec(name: "ping", description: "", parameters: [:])

  @Test func declaresTheToolsOfARecord() throws {
    let renderer = try Fixture.renderer("qwen3", tokenizer: "tiny-qwen3")
    let messages = try renderer.messages(
      of: Conversation(messages: [.system("Be brief."), .user("q")], tools: [tool]))
    #expect(messages.count == 2)
    #expect(
      messages[0] == (try renderer.toolDeclaration(tools: [tool], systemPrompt: "Be brief."))[0])
    #expect(messages[1] == .user("q"))
    var flagged = Message.user("q")
    flagged.trainable = true
    let trained = try renderer.messages(of: Conversation(messages: [flagged], tools: [tool]))
    #expect(trained.map(\.trainable) == [false, true])
    #expect(try renderer.messages(of: Conversation(messages: [.user("q")])) == [.user("q")])
    let without = try Fixture.renderer("llama3", tokenizer: "tiny-llama3")
    let error = Fixture.error {
      _ = try without.messages(of: Conversation(messages: [], tools: [tool]))
    }
    #expect(error?.kind == .unsupported)
  }

  @Test func namesMessageAndFieldOfAFault() throws {
    let llama = try Fixture.renderer("llama3", tokenizer: "tiny-llama3")
    let parts = Message(role: Role.user, content: .parts([.text("a"), .text("b")]))
    let content = Fixture.error { _ = try llama.generationPrompt(for: [.user("x"), parts]) }
    #expect(content?.path == "messages[1].content")
    let deepSeek = try Fixture.renderer("deepseekv3", tokenizer: "tiny-deepseekv3")
    let late = Fixture.error {
      _ = try deepSeek.supervisedExample(for: [.user("x"), .system("y")])
    }
    #expect(late?.path == "messages[1].role")
    #expect(late?.message.contains("system_role_as_user=true") == true)
    let role = Fixture.error {
      _ = try deepSeek.generationPrompt(for: [Message(role: "poet", content: "x")])
    }
    #expect(role?.path == "messages[0].role")
    let asked = Fixture.error { _ = try deepSeek.generationPrompt(for: [], role: "poet") }
    #expect(asked?.path == "role")
    let qwen = try Fixture.renderer("qwen3", tokenizer: "tiny-qwen3")
    let call = Message(
      role: Role.assistant, content: "", toolCalls: [ToolCall(name: "f", arguments: "{bad")])
    let arguments = Fixture.error { _ = try qwen.supervisedExample(for: [.user("x"), call]) }
    #expect(arguments?.path == "messages[1].tool_calls[0].function.arguments")
    var flagged = Message.assistant("y")
    flagged.trainable = true
    let unwanted = Fixture.error { _ = try qwen.supervisedExample(for: [.user("x"), flagged]) }
    #expect(unwanted?.path == "messages[1].trainable")
    let missing = Fixture.error {
      _ = try qwen.supervisedExample(for: [.user("x"), flagged], trainOn: .customized)
    }
    #expect(missing?.path == "messages[0].trainable")
  }

  @Test func goesOnAfterAnError() throws {
    let renderer = try Fixture.renderer("llama3", tokenizer: "tiny-llama3")
    var session = renderer.makeSession()
    var example = SupervisedExample()
    let bad = Message(role: Role.user, content: .parts([]))
    for _ in 0..<3 {
      #expect(
        Fixture.error {
          try session.supervisedExample(for: [.user("a"), bad], into: &example)
        } != nil)
      try session.supervisedExample(for: [.user("a"), .assistant("b")], into: &example)
      #expect(try example == renderer.supervisedExample(for: [.user("a"), .assistant("b")]))
      var prompt = RenderedPrompt()
      try session.generationPrompt(for: [.user("a")], into: &prompt)
      #expect(try prompt == renderer.generationPrompt(for: [.user("a")]))
    }
  }

  @Test func splitsOnlyAssistantModes() throws {
    let renderer = try Fixture.renderer("qwen3", tokenizer: "tiny-qwen3")
    let messages: [Message] = [.user("a"), .assistant("b"), .user("c"), .assistant("d")]
    let counts = try [TrainOn.lastAssistantMessage, .lastAssistantTurn, .allAssistantMessages].map {
      try renderer.supervisedExamples(for: messages, trainOn: $0).count
    }
    #expect(counts == [1, 1, 2])
    for mode in [TrainOn.allMessages, .allTokens, .allUserAndSystemMessages, .customized] {
      let error = Fixture.error {
        _ = try renderer.supervisedExamples(for: messages, trainOn: mode)
      }
      #expect(error?.kind == .unsupported)
    }
    #expect(try renderer.supervisedExamples(for: [], trainOn: .lastAssistantMessage).isEmpty)
  }
}
