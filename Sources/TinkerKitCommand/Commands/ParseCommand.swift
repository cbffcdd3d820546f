import ArgumentParser
import TinkerFiles
import TinkerKit

/// `tinkerkit parse`
struct ParseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parse",
    abstract: "Turn sampled responses into messages.",
    discussion: """
      Example:
        echo '"The answer is 4.<|im_end|>"' | tinkerkit parse -t Qwen3-8B -r qwen3

      A line is a response: an array of ids, a string, or an object with the key tokens or text and, \
      if you like, an id. For each one an object is printed with the message, how the response \
      ended (termination: stop_sequence, eos or malformed) and what is wrong with it, if anything \
      (failure). With --stream the object holds the deltas, as they would arrive.
      """)

  @Argument(
    help: ArgumentHelp("JSONL files, or - for standard input (the default).", valueName: "in"))
  var inputs: [String] = []

  @OptionGroup var tokenizer: TokenizerArguments
  @OptionGroup var renderer: RendererArguments

  @Flag(help: "Print the deltas of a stream.")
  var stream = false

  func validate() throws {
    if renderer.plainText {
      throw ValidationError("--plain-text is about text that is rendered; it has no effect here")
    }
  }

  func run() throws {
    let loaded = try tokenizer.source().load()
    let made = try renderer.make(model: tokenizer.model, tokenizer: loaded)
    var results = try Results()
    var writer = JSONWriter(style: .compact)
    for path in inputs.isEmpty ? ["-"] : inputs {
      var reader = try LineReader.open(path)
      while true {
        if reader.mayWait { try results.flush() }
        guard try reader.advance() else { break }
        do throws(WorkerError) {
          if RecordSource.isBlank(reader.line) { continue }
          let response = try SampledResponse.read(reader.line, tokenizer: loaded)
          try Self.write(response, made, asStream: stream, to: &writer)
        } catch {
          let path = error.path.map { "\($0): " } ?? ""
          throw CommandFailure(
            .badInput, "\(reader.name):\(reader.lineNumber): \(path)\(error.message)")
        }
        try results.writeLine(&writer)
      }
    }
    try results.finish()
  }

  private static func write(
    _ response: SampledResponse, _ renderer: Renderer, asStream: Bool, to writer: inout JSONWriter
  ) throws(WorkerError) {
    do throws(RenderingError) {
      writer.beginObject()
      if let id = response.id {
        writer.key("id")
        writer.value(id)
      }
      if asStream {
        try writer.members(of: try renderer.stream(response.tokens))
      } else {
        try writer.members(of: try renderer.parse(response.tokens))
      }
      writer.endObject()
    } catch { throw WorkerError(error) }
  }
}
