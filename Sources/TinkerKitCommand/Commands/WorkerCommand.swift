import ArgumentParser
import TinkerFiles
import TinkerKit

/// `tinkerkit worker`
struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker",
    abstract: "Answer JSONL requests on standard input, one reply a line on standard output.",
    discussion: """
      Example:
        echo '{"op":"count","text":"Hello"}' | tinkerkit worker --tokenizer Qwen3-8B

      One reply is written for every line, in order, errors included, and flushed before the \
      worker waits for input. The worker ends with 0 at the end of its input. Options from \
      --train-on to --carry are those of the command render, for the operation render.
      """)

  @OptionGroup var tokenizer: TokenizerArguments
  @OptionGroup var renderer: RendererArguments

  @OptionGroup var records: RecordArguments
  @OptionGroup var lines: LineArguments

  @OptionGroup var images: ImageArguments

  @Option(help: "Whose resampling the operations on images have, unless a request says otherwise.")
  var resampler: Resampler = .torchvision

  @Flag(help: "Requests on images may name files of this machine.")
  var allowPaths = false

  func validate() throws {
    if lines.format.lines == nil {
      throw ValidationError(
        "a worker answers in lines, and --format \(lines.format.rawValue) has none")
    }
    if lines.tooLong != nil, lines.maxLength == nil {
      throw ValidationError("--too-long has no effect without --max-length")
    }
  }

  func run() throws {
    var worker = Worker(try setup())
    do throws(FileError) {
      try serve(&worker)
    } catch { throw CommandFailure(error) }
  }

  private func setup() throws(CommandFailure) -> Worker.Setup {
    var setup = Worker.Setup()
    setup.settings = lines.settings(records)
    setup.images = ImageSetup(
      configuration: try images.processor.configuration(), resampler: resampler,
      allowsPaths: allowPaths)
    guard tokenizer.tokenizer != nil || tokenizer.model != nil else {
      if renderer.renderer != nil || !renderer.options.isEmpty {
        throw CommandFailure(.usage, "a renderer needs a tokenizer: use --tokenizer or --model")
      }
      return setup
    }
    let source = try tokenizer.source()
    let loaded = try source.load()
    setup.tokenizer = loaded
    setup.tokenizerPath = source.path
    setup.tokenizerFile = source.file
    if renderer.renderer != nil || tokenizer.model != nil {
      setup.renderer = try renderer.make(
        model: tokenizer.model, tokenizer: loaded, images: try images.chunkMaker())
    } else if !renderer.options.isEmpty {
      throw CommandFailure(.usage, "--renderer-option needs --renderer or --model")
    }
    return setup
  }

  private func serve(_ worker: inout Worker) throws(FileError) {
    var reader = try LineReader(path: "-")
    var output = try OutputFile(path: "-")
    var writer = JSONWriter(style: .compact)
    while true {
      if reader.mayWait { try output.flush() }
      do throws(FileError) {
        guard try reader.next() else { break }
        worker.reply(to: reader.line, number: reader.lineNumber, into: &writer)
      } catch {
        guard case .lineTooLong = error else { throw error }
        worker.reply(
          toUnreadableLine: reader.lineNumber, reason: error.description, into: &writer)
      }
      writer.bytes.append(UInt8(ascii: "\n"))
      try output.write(writer.bytes.span)
    }
    try output.commit()
  }
}
