import Testing
import TinkerJSON
import TinkerRendering
import TinkerTokenizer

@Suite struct RegistryTests {
  /// A family of a user: a tag, the text, an end.
  private struct Tagged: ChatFamily {
    let name: String
    let stopSequences = StopSequences.strings(["<end>"])
    let hasExtensionProperty = true

    func write(
      _ message: Message, in context: RenderContext, to out: inout TokenWriter
    ) throws(RenderingError) {
      out.header(encoding: "<\(message.role)>")
      out.content(try message.content.onlyText())
      out.stop("<end>")
      out.endChunk()
    }
  }

  @Test func makesFamiliesOfUsers() throws {
    var registry = RendererRegistry.standard
    registry.register("tagged") { setup throws(RenderingError) in Tagged(name: setup.name) }
    let renderer = try Renderer(
      named: "tagged", tokenizer: try Fixture.tokenizer("tiny-qwen3"), registry: registry)
    let example = try renderer.supervisedExample(
      for: [.user("hi"), .assistant("yes")], trainOn: .allAssistantMessages)
    #expect(renderer.tokenizer.decode(example.tokens) == "<user>hi<end><assistant>yes<end>")
    let trained = zip(example.tokens, example.weights).filter { $0.1 == 1 }.map(\.0)
    #expect(renderer.tokenizer.decode(trained) == "yes<end>")
    let prompt = try renderer.generationPrompt(for: [.user("hi")], prefill: "ye")
    #expect(renderer.tokenizer.decode(prompt.tokens) == "<user>hi<end><assistant>ye")
    #expect(!RendererRegistry.standard.names.contains("tagged"))
  }

  @Test func looksUsersFamiliesUpFirst() throws {
    var registry = RendererRegistry.standard
    registry.register("qwen3") { setup throws(RenderingError) in Tagged(name: setup.name) }
    let renderer = try Renderer(
      named: "qwen3", tokenizer: try Fixture.tokenizer("tiny-qwen3"), registry: registry)
    #expect(renderer.stopSequences == .strings(["<end>"]))
  }

  @Test func tellsUnknownNamesAndOptions() throws {
    let tokenizer = try Fixture.tokenizer("tiny-qwen3")
    let unknown = Fixture.error { _ = try Renderer(named: "qwen", tokenizer: tokenizer) }
    #expect(unknown?.kind == .request)
    #expect(unknown?.message.contains("qwen3_instruct") == true)
    let option = Fixture.error {
      _ = try Renderer(
        named: "qwen3", tokenizer: tokenizer,
        options: try RendererOptions(parsing: ["merge_text_chunks=true"]))
    }
    #expect(option?.path == "merge_text_chunks")
    #expect(option?.message.contains("strip_thinking_from_history") == true)
    let value = Fixture.error {
      _ = try Renderer(
        named: "qwen3", tokenizer: tokenizer, options: ["strip_thinking_from_history": "maybe"])
    }
    #expect(value?.path == "strip_thinking_from_history")
    #expect(Fixture.error { _ = try RendererOptions(parsing: ["x"]) } != nil)
    let tokens = Fixture.error { _ = try Renderer(named: "llama3", tokenizer: tokenizer) }
    #expect(tokens?.message.contains("<|begin_of_text|>") == true)
    let closed = Fixture.error { _ = try Renderer(named: "tml_v0", tokenizer: tokenizer) }
    #expect(closed?.kind == .unsupported)
  }

  @Test func tellsOptionsInForce() throws {
    let renderer = try Fixture.renderer(
      "qwen3_vl", tokenizer: "tiny-qwen3",
      options: try RendererOptions(parsing: ["merge_text_chunks=false"]))
    #expect(
      renderer.options == ["strip_thinking_from_history": true, "merge_text_chunks": false])
  }

  @Test func recommendsRenderers() throws {
    #expect(
      try Renderer.recommended(forModel: "Qwen/Qwen3-8B") == ["qwen3", "qwen3_disable_thinking"])
    #expect(try Renderer.recommended(forModel: "Qwen/Qwen3-8B:abc").first == "qwen3")
    #expect(try Renderer.recommended(forModel: "thinkingmachines/Inkling-9") == ["tml_v0"])
    #expect(
      try Renderer.recommended(forModel: "deepseek-ai/DeepSeek-V3.1")
        == ["deepseekv3", "deepseekv3_thinking"])
    for name in ["noslash", "x/y", "Qwen/none", "thinkingmachines/Foo", "a/b/c", ""] {
      let error = Fixture.error { _ = try Renderer.recommended(forModel: name) }
      #expect(error?.kind == .request, "\(name)")
    }
  }
}
