/// The format of Llama 3's instruct models, without the template's date block and trimming.
struct Llama3: ChatFamily {
  let name: String
  let beginning: [UInt32]
  let stopSequences: StopSequences
  let hasExtensionProperty = true
  let supportsStreaming = false

  private let headers: RoleHeaders
  private let isStrict: Bool

  init(_ setup: FamilySetup) throws(RenderingError) {
    name = setup.name
    beginning = [try setup.token("<|begin_of_text|>")]
    stopSequences = .tokens([try setup.token("<|eot_id|>")])
    isStrict = setup.isStrict
    headers = RoleHeaders(setup) { "<|start_header_id|>\($0)<|end_header_id|>\n\n" }
  }

  func write(
    _ message: Message, in context: RenderContext, to out: inout TokenWriter
  ) throws(RenderingError) {
    let text = try message.content.onlyText()
    if isStrict { try message.refuseToolCalls(by: name) }
    headers.write(message.role, to: &out)
    // One call, as the reference has it: special-token text in the content becomes special tokens.
    out.content(text)
    out.stop("<|eot_id|>")
    out.endChunk()
  }
}

extension Message {
  /// For families without tool calls that are not to drop them.
  func refuseToolCalls(by renderer: String) throws(RenderingError) {
    if hasToolCalls {
      throw RenderingError(
        .conversation, "\(renderer) has no tool calls, and would leave them out", at: "tool_calls")
    }
  }
}
