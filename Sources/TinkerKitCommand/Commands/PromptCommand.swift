import ArgumentParser
import TinkerFiles
import TinkerKit

/// `tinkerkit prompt`
struct PromptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prompt",
    abstract: "Print the tokens that ask a model for the next message.",
    discussion: """
      Example:
        tinkerkit prompt chat.jsonl -t Qwen3-8B -r qwen3

      Each conversation gives one prompt. It is printed as text, with the stop sequences in the \
      line above; with --ids as ids, one prompt a line; with --json as an object with text, \
      tokens, chunks and stop.
      """)

  @Argument(help: ArgumentHelp("JSONL files, or - for standard input.", valueName: "in"))
  var inputs: [String]

  @OptionGroup var tokenizer: TokenizerArguments
  @OptionGroup var renderer: RendererArguments
  @OptionGroup var images: ImageArguments

  @Option(help: "Text that the answer must begin with.")
  var prefill: String?

  @Option(help: "Who is to speak.")
  var role = Role.assistant

  @Option(
    help: ArgumentHelp(
      "How the records are written; told by the keys of the first if not given.",
      valueName: "form"))
  var inputFormat: RecordForm?

  @Option(help: ArgumentHelp("Take only the first records.", valueName: "n"))
  var limit: Int?

  @Flag(help: "Print ids.")
  var ids = false

  @Flag(help: "Print one JSON object for each prompt.")
  var json = false

  func validate() throws {
    if ids, json { throw ValidationError("--ids and --json exclude each other") }
    if let limit, limit < 0 { throw ValidationError("--limit is \(limit); it is at least 0") }
  }

  func run() throws {
    let loaded = try tokenizer.source().load()
    let made = try renderer.make(
      model: tokenizer.model, tokenizer: loaded, images: try images.chunkMaker())
    let input = ConversationInput(inputs: inputs, form: inputFormat, limit: limit)
    var results = try Results()
    var text: [UInt8] = []
    var failure: CommandFailure?
    try input.forEach(renderer: made) { (record) throws(RenderingError) in
      let prompt = try made.generationPrompt(for: record.messages, role: role, prefill: prefill)
      if ids, !prompt.images.isEmpty {
        throw RenderingError(
          .unsupported, "the prompt has images, which are no ids: use --json for its chunks")
      }
      text.removeAll(keepingCapacity: true)
      append(prompt, of: record, made, to: &text)
      do throws(CommandFailure) {
        if failure == nil { try results.write(String(decoding: text, as: UTF8.self)) }
      } catch { failure = error }
    }
    if let failure { throw failure }
    try results.finish()
  }

  private func append(
    _ prompt: RenderedPrompt, of record: ConversationInput.Record, _ renderer: Renderer,
    to out: inout [UInt8]
  ) {
    if json {
      var writer = JSONWriter(style: .compact)
      writer.beginObject()
      if let id = record.conversation.id {
        writer.key("id")
        writer.value(id)
      }
      writer.key("text")
      writer.string(Self.text(of: prompt, renderer.tokenizer))
      writer.key("tokens")
      writer.ids(prompt.tokens)
      writer.key("chunks")
      writer.chunks(of: prompt)
      writer.key("stop")
      writer.stopSequences(renderer.stopSequences)
      writer.endObject()
      out += writer.bytes
    } else if ids {
      out += prompt.tokens.map { String($0) }.joined(separator: " ").utf8
    } else {
      let stop =
        switch renderer.stopSequences {
        case .tokens(let ids):
          ids.map { "\($0) \(renderer.tokenizer.token(for: $0) ?? "")" }
        case .strings(let texts): texts.map { JSONValue.string(JSONString($0)).serialized() }
        }
      out += "# \(record.place)  \(prompt.tokens.count) tokens".utf8
      out += "  stop: \(stop.joined(separator: ", "))\n".utf8
      out += Self.text(of: prompt, renderer.tokenizer).utf8
    }
    out.append(UInt8(ascii: "\n"))
  }

  /// The text of the tokens, with a remark where an image stands.
  private static func text(of prompt: RenderedPrompt, _ tokenizer: Tokenizer) -> String {
    if prompt.images.isEmpty { return tokenizer.decode(prompt.tokens) }
    return prompt.chunks.map { chunk in
      switch chunk {
      case .tokens(let tokens): tokenizer.decode(tokens)
      case .image(let image): "‹image: \(image.expectedTokens) positions›"
      case .imageAssetPointer, .audio: ""
      }
    }.joined()
  }
}
