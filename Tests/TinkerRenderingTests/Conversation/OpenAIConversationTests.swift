import Testing
import TinkerJSON
import TinkerRendering

/// The model-neutral conversion; what is expected was printed by tinker-cookbook 0.6.1.
@Suite struct OpenAIConversationTests {
  private func parsed(_ text: String) throws -> JSONValue { try JSONValue.parse(text) }

  @Test(arguments: [
    (#"{"role":"user","content":null}"#, #"{"role":"user","content":""}"#),
    (#"{"role":"user"}"#, #"{"role":"user","content":""}"#),
    (#"{"role":"user","content":[]}"#, #"{"role":"user","content":""}"#),
    (
      #"{"role":"assistant","content":"a","reasoning_content":"r"}"#,
      #"{"role":"assistant","content":[{"type":"thinking","thinking":"r"},{"type":"text","text":"a"}]}"#
    ),
    (
      #"{"role":"assistant","content":"","reasoning_content":"r"}"#,
      #"{"role":"assistant","content":[{"type":"thinking","thinking":"r"}]}"#
    ),
    (#"{"role":"user","content":"a","reasoning_content":""}"#, #"{"role":"user","content":"a"}"#),
    (
      #"{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://a/b.png","detail":"low"}},{"type":"text","text":"x"}]}"#,
      #"{"role":"user","content":[{"type":"image","image":"http://a/b.png"},{"type":"text","text":"x"}]}"#
    ),
    (
      #"{"role":"assistant","content":null,"tool_calls":[],"name":"n"}"#,
      #"{"role":"assistant","content":"","tool_calls":[],"name":"n"}"#
    ),
  ])
  func imports(json: String, expected: String) throws {
    let messages = try OpenAIConversation.messages(from: [try parsed(json)])
    var writer = JSONWriter(style: .compact)
    try #require(messages.first).write(to: &writer)
    #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
  }

  @Test(arguments: [
    #"{"role":"user","content":"a","reasoning_content":"r"}"#,
    #"{"role":"assistant","content":"a","reasoning_content":3}"#,
    #"{"content":"x"}"#,
    #""x""#,
  ])
  func refusesToImport(json: String) throws {
    let value = try parsed(json)
    let error = Fixture.error { _ = try OpenAIConversation.messages(from: [value]) }
    #expect(error?.path?.hasPrefix("messages[0]") == true)
  }

  @Test(arguments: [
    (
      #"{"role":"assistant","content":[{"type":"thinking","thinking":"a"},{"type":"thinking","thinking":"b"},{"type":"text","text":"t"}]}"#,
      #"{"role":"assistant","reasoning_content":"a\nb","content":"t"}"#
    ),
    (#"{"role":"assistant","content":[]}"#, #"{"role":"assistant","content":""}"#),
    (
      #"{"role":"assistant","content":[],"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}"#,
      #"{"role":"assistant","content":null,"tool_calls":[{"type":"function","function":{"name":"f","arguments":"{}"}}]}"#
    ),
    (
      #"{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}"#,
      #"{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}"#
    ),
    (
      #"{"role":"user","content":[{"type":"image","image":"http://x/y.png"},{"type":"text","text":"b"}]}"#,
      #"{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://x/y.png"}},{"type":"text","text":"b"}]}"#
    ),
    (
      #"{"role":"user","content":[{"type":"audio","audio":"data:audio/wav;base64,aGk="}]}"#,
      #"{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"aGk=","format":"wav"}}]}"#
    ),
    (
      #"{"role":"tool","content":"x","tool_call_id":"a","name":"n","trainable":true}"#,
      #"{"role":"tool","content":"x","tool_call_id":"a","name":"n"}"#
    ),
    (
      #"{"role":"assistant","content":"x","unparsed_tool_calls":[{"raw_text":"r","error":"e"}],"tool_calls":[]}"#,
      #"{"role":"assistant","content":"x","tool_calls":[]}"#
    ),
  ])
  func exports(json: String, expected: String) throws {
    let converted = try OpenAIConversation([try Message(json: try parsed(json))])
    #expect(converted.messages.first?.serialized(.compact) == expected)
    #expect(converted.tools == nil)
  }

  @Test func mergesDeclarationsOfTools() throws {
    let tool = #"[{"type":"function","function":{"name":"ping","description":"","parameters":{}}}]"#
    let declaration = Message(role: Role.toolDeclaration, content: .text(tool))
    let converted = try OpenAIConversation([.system("a"), declaration, declaration, .user("x")])
    #expect(converted.messages.count == 2)
    #expect(try converted.tools == parsed(tool).array)
    for text in [
      tool.replacing("\"description\":\"\"", with: "\"description\":\"z\""), "{}", "nope", "[3]",
      #"[{"name":"ping"}]"#,
    ] {
      let other = Message(role: Role.toolDeclaration, content: .text(text))
      let error = Fixture.error { _ = try OpenAIConversation([declaration, other]) }
      #expect(error?.path == "messages[1].content", "\(text)")
    }
  }

  @Test func refusesReasoningOfAUser() {
    let message = Message(role: Role.user, content: .parts([.thinking("a"), .text("b")]))
    #expect(Fixture.error { _ = try OpenAIConversation([message]) } != nil)
  }

  @Test func convertsTools() throws {
    let list = try parsed(
      #"[{"type":"function","function":{"name":"f","strict":true}},{"type":"x"}]"#)
    let specs = try ToolSpec.specs(fromOpenAI: try #require(list.array))
    #expect(specs == [ToolSpec(name: "f", description: "", parameters: [:])])
    #expect(
      specs[0].openAI.serialized(.compact)
        == #"{"type":"function","function":{"name":"f","description":"","parameters":{}}}"#)
    let nameless = try parsed(#"{"type":"function","function":{}}"#)
    let error = Fixture.error { _ = try ToolSpec.specs(fromOpenAI: [nameless]) }
    #expect(error?.path == "tools[0].function")
  }
}
