/// The format of Llama 3's instruct models, without the template's date block and trimming.
struct Llama3: ChatFamily {
  let name: String
  let beginning: [UInt32]
  let stopSequences: StopSequences
  let hasExtensionProperty = true
  let supportsStreaming = false

  private let headers: RoleHeaders

  init(_ setup: FamilySetup) throws(RenderingError) {
    name = setup.name
    beginning = [try setup.token("<|begin_of_text|>")]
    stopSequences = .tokens([try setup.token("<|eot_id|>")])
    headers = RoleHeaders(setup) { "<|start_header_id|>\($0)<|end_header_id|>\n\n" }
  }

  func write(
    _ message: Message, in context: RenderContext, to out: inout TokenWriter
  ) throws(RenderingError) {
    let text = try message.content.onlyText()
    headers.write(message.role, to: &out)
    // One call, as the reference has it: special-token text in the content becomes special tokens.
    out.content(text)
    out.stop("<|eot_id|>")
    out.endChunk()
  }
}
