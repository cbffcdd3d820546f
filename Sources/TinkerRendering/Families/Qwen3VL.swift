import TinkerJSON

/// The formats of Qwen3-VL. Body and end marker are encoded in one call, and special-token text is
/// live, unlike in the text models.
struct Qwen3VL: ChatFamily {
  let name: String
  let stopSequences: StopSequences
  let hasExtensionProperty: Bool

  private let stripsHistory: Bool
  private let mergesChunks: Bool
  private let unframes: Bool
  private let firstHeaders: RoleHeaders
  private let laterHeaders: RoleHeaders

  init(isInstruct: Bool, _ setup: FamilySetup) throws(RenderingError) {
    name = setup.name
    stopSequences = .tokens([try setup.token("<|im_end|>")])
    stripsHistory = setup.options.stripsThinkingFromHistory
    mergesChunks = setup.options[bool: "merge_text_chunks"]
    hasExtensionProperty = !stripsHistory
    unframes = !isInstruct
    firstHeaders = RoleHeaders(setup) { "<|im_start|>\($0)\n" }
    laterHeaders = RoleHeaders(setup) { "\n<|im_start|>\($0)\n" }
  }

  func write(
    _ message: Message, in context: RenderContext, to out: inout TokenWriter
  ) throws(RenderingError) {
    let headers = context.index > 0 ? laterHeaders : firstHeaders
    headers.write(message.role == Role.tool ? Role.user : message.role, to: &out)
    let dropsThinking = stripsHistory && message.role == Role.assistant && !context.isLast
    if message.role == Role.tool {
      out.framing("<tool_response>\n")
      endText(&out)
    }
    for (index, part) in message.content.asParts.enumerated() {
      switch part {
      case .text(let text): out.content(text)
      case .thinking(let text):
        if dropsThinking { continue }
        out.framing("<think>")
        out.thinking(text)
        out.framing("</think>")
      case .image(let source):
        try out.image(source, part: index, between: "<|vision_start|>", and: "<|vision_end|>")
      case .other: continue
      }
      endText(&out)
    }
    if message.role == Role.tool {
      out.framing("\n</tool_response>")
      endText(&out)
    }
    if let calls = message.toolCalls {
      out.toolCall("\n", isContent: false)
      try QwenToolCalls.write(calls, to: &out)
      endText(&out)
    }
    out.stop("<|im_end|>")
    out.endChunk()
  }

  /// Ends a part of text: its chunk, unless neighbours are merged.
  private func endText(_ out: inout TokenWriter) {
    if !mergesChunks { out.endChunk() }
  }

  func message(from text: String) -> Message {
    QwenResponse.message(from: text, unframes: unframes)
  }

  func toolDeclaration(
    tools: [ToolSpec], systemPrompt: String
  ) throws(RenderingError) -> [Message] {
    QwenToolCalls.declaration(tools: tools, systemPrompt: systemPrompt)
  }

  func openAIMessage(_ message: Message) throws(RenderingError) -> JSONValue {
    try OpenAIForm.message(message, reasoning: .separate, renderer: name)
  }
}
