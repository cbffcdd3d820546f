import Testing
import TinkerData
import TinkerJSON
import TinkerRendering

@Suite struct MessageReadingTests {
  private func read(_ json: String) throws -> Message {
    let bytes = Array(json.utf8)
    var reader = JSONReader(bytes.span)
    return try Message(reading: &reader)
  }

  @Test(arguments: [
    #"{"role": "user", "content": "q"}"#,
    #"{"role": "user", "content": ""}"#,
    #"{"role": "user", "content": []}"#,
    #"{"role": "assistant", "content": [{"type": "thinking", "thinking": "r"}, {"type": "text", "text": "a"}], "tool_calls": [], "trainable": false}"#,
    #"{"role": "assistant", "content": "", "tool_calls": [{"type": "function", "id": null, "function": {"name": "f", "arguments": " {} "}}], "unparsed_tool_calls": [{"raw_text": "<x>", "error": "e"}]}"#,
    #"{"role": "tool", "content": [{"type": "image", "image": "data:,"}], "tool_call_id": "c", "name": "n"}"#,
  ])
  func writesWhatItReads(json: String) throws {
    var writer = JSONWriter()
    try read(json).write(to: &writer)
    #expect(String(decoding: writer.bytes, as: UTF8.self) == json)
    #expect(try Message(json: JSONValue.parse(json)) == read(json))
  }

  @Test func takesMembersInAnyOrder() throws {
    let message = try read(
      #"{"content":[{"text":"a","type":"text"}],"extra":{"k":[1]},"role":"user"}"#)
    #expect(message == Message(role: "user", content: .parts([.text("a")])))
  }

  @Test func takesOpenAIsForm() throws {
    let message = try read(
      #"{"role":"assistant","content":null,"refusal":null,"reasoning_content":"r","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]}"#
    )
    #expect(message.content == .parts([.thinking("r")]))
    #expect(message.toolCalls == [ToolCall(id: "c", name: "f", arguments: "{}")])
    let image = try read(
      #"{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://x/a.png"}},{"type":"image_url","image_url":"data:,"}]}"#
    )
    #expect(
      image.content == .parts([.image(.reference("http://x/a.png")), .image(.reference("data:,"))]))
  }

  @Test func keepsPartsOfOtherTypes() throws {
    let message = try read(#"{"role":"user","content":[{"type":"audio","audio":"u","text":"t"}]}"#)
    guard case .parts(let parts) = message.content else {
      Issue.record("expected parts")
      return
    }
    #expect(parts == [.other(["type": "audio", "text": "t", "audio": "u"])])
    var writer = JSONWriter()
    let error = Fixture.error { try message.write(to: &writer) }
    #expect(error?.path == "content[0]")
  }

  @Test(arguments: [
    (#"{"content":"q"}"#, nil),
    (#"{"role":7,"content":"q"}"#, "role"),
    (#"{"role":"user"}"#, nil),
    (#"{"role":"user","content":null}"#, nil),
    (#"{"role":"user","content":3}"#, "content"),
    (#"{"role":"user","content":"\ud800"}"#, "content"),
    (#"{"role":"user","content":["a"]}"#, "content[0]"),
    (#"{"role":"user","content":[{"text":"a"}]}"#, "content[0]"),
    (#"{"role":"user","content":[{"type":"text"}]}"#, "content[0]"),
    (#"{"role":"user","content":[{"type":"text","text":1}]}"#, "content[0].text"),
    (#"{"role":"user","content":[{"type":"image","image":null}]}"#, "content[0].image"),
    (
      #"{"role":"user","content":[{"type":"image_url","image_url":{}}]}"#,
      "content[0].image_url"
    ),
    (#"{"role":"assistant","content":"","tool_calls":{}}"#, "tool_calls"),
    (#"{"role":"assistant","content":"","tool_calls":[{}]}"#, "tool_calls[0]"),
    (
      #"{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f"}}]}"#,
      "tool_calls[0].function"
    ),
    (
      #"{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{}}}]}"#,
      "tool_calls[0].function.arguments"
    ),
    (
      #"{"role":"assistant","content":"","tool_calls":[{"index":0,"function":{"name":"f","arguments":""}}]}"#,
      "tool_calls[0].index"
    ),
    (
      #"{"role":"assistant","content":"","tool_calls":[{"type":"x","function":{"name":"f","arguments":""}}]}"#,
      "tool_calls[0].type"
    ),
    (#"{"role":"user","content":"","trainable":1}"#, "trainable"),
    (#"{"role":"user","content":"","reasoning_content":"r"}"#, "reasoning_content"),
    (#"{"role":"assistant","content":"","function_call":{}}"#, "function_call"),
    (#"{"role":"assistant","content":"","weight":0}"#, "weight"),
  ])
  func namesTheFieldOfAFault(json: String, path: String?) {
    let error = Fixture.error { _ = try read(json) }
    #expect(error?.path == path, "\(json)")
    #expect(error?.kind == .conversation, "\(json)")
  }

  @Test func namesTheMessageOfAFault() {
    let bytes = Array(#"[{"role":"user","content":"a"},{"role":"user","content":[1]}]"#.utf8)
    let error = Fixture.error {
      var reader = JSONReader(bytes.span)
      _ = try Message.messages(reading: &reader)
    }
    #expect(error?.path == "[1].content[0]")
    #expect(error?.description == "[1].content[0]: expected an object, found a number")
  }

  @Test func tellsFaultsOfTheGrammar() {
    let error = Fixture.error { _ = try read(#"{"role":"user","content":"a"#) }
    #expect(error?.kind == .request)
    #expect(error?.message.contains("Unterminated string") == true)
  }
}
