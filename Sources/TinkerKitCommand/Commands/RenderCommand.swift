import ArgumentParser
import TinkerFiles
import TinkerKit

/// `tinkerkit render`
struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Turn conversations into training examples, one a line.",
    discussion: """
      Example:
        tinkerkit render data.jsonl -t Qwen3-8B -r qwen3 -o train.jsonl

      The input is JSONL in the form of OpenAI (messages), ShareGPT (conversations) or Alpaca \
      (instruction, output). Order is kept, all cores are used, and memory does not grow with the \
      input. Files whose names end in .gz or .zst are unpacked and packed. Beside an output file \
      stands FILE.manifest.json with the tokenizer's digest, the renderer, its options and all \
      counts.

      --format npy writes FILE.npy with all tokens, FILE.weights.npy and FILE.offsets.npy; example \
      i is offsets[i] to offsets[i+1]. --format safetensors has the same arrays in one file.

      The exit status is 1 when records or examples were left out, or train nothing.
      """)

  @Argument(help: ArgumentHelp("JSONL files, or - for standard input.", valueName: "in"))
  var inputs: [String]

  @OptionGroup var tokenizer: TokenizerArguments
  @OptionGroup var renderer: RendererArguments
  @OptionGroup var images: ImageArguments
  @OptionGroup var records: RecordArguments
  @OptionGroup var lines: LineArguments
  @OptionGroup var output: OutputArguments

  @Option(
    help: ArgumentHelp(
      "Put several examples into rows of up to n tokens, the best fit first. Examples are held back "
        + "until 4 million tokens are together. Without --max-length it is the limit, too.",
      valueName: "n"))
  var pack: Int?

  @Option(
    help: ArgumentHelp(
      "With --dry-run: the examples or rows of a step, for the number of steps. Default: 128",
      valueName: "n"))
  var batchSize: Int?

  @Option(help: ArgumentHelp("Threads. Default: one for each processor.", valueName: "n"))
  var jobs: Int?

  @Option(help: ArgumentHelp("Take only the first records.", valueName: "n"))
  var limit: Int?

  @Option(
    help: ArgumentHelp("Take only records i, i+n, i+2n, …; i runs from 0 to n-1.", valueName: "i/n")
  )
  var shard: Shard?

  @Flag(help: "Report bad records, leave them out and go on.")
  var keepGoing = false

  @Option(help: ArgumentHelp("The file for bad records as they are.", valueName: "file"))
  var rejects: String?

  @Option(help: ArgumentHelp("The bad records after which to stop all the same.", valueName: "n"))
  var maxErrors: Int?

  @Flag(help: "Render and count, but write nothing.")
  var dryRun = false

  @Flag(help: "Print the counts as JSON on standard output.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress and no counts on standard error.")
  var quiet = false

  func validate() throws {
    for (name, value) in [("--jobs", jobs), ("--max-errors", maxErrors)] {
      if let value, value < 1 { throw ValidationError("\(name) is \(value); it is at least 1") }
    }
    if let limit, limit < 0 { throw ValidationError("--limit is \(limit); it is at least 0") }
    if lines.tooLong != nil, lines.maxLength == nil, pack == nil {
      throw ValidationError("--too-long has no effect without --max-length or --pack")
    }
    if let batchSize {
      if batchSize < 1 { throw ValidationError("--batch-size is \(batchSize); it is at least 1") }
      if !dryRun { throw ValidationError("--batch-size has no effect without --dry-run") }
    }
    try validateRows()
    if !keepGoing, rejects != nil || maxErrors != nil {
      throw ValidationError("--rejects and --max-errors have no effect without --keep-going")
    }
    if let rejects, rejects == output.path {
      throw ValidationError("--output and --rejects name the same file")
    }
    if dryRun, output.output != nil || rejects != nil {
      throw ValidationError("--dry-run writes nothing, so --output and --rejects have no effect")
    }
    if json, !dryRun, output.output == nil {
      throw ValidationError("--json needs standard output for itself: use --output or --dry-run")
    }
  }

  private func validateRows() throws {
    let format = lines.format
    if format.lines == nil {
      if lines.carry {
        throw ValidationError(
          "--carry has no effect on arrays: they have no place for other members")
      }
      if !dryRun {
        guard let path = output.output, path != "-" else {
          throw ValidationError("--format \(format.rawValue) needs a file: use --output")
        }
        if format == .npy, !path.hasSuffix(".npy") || path.utf8.count < 5 {
          throw ValidationError("--format npy writes several files, so --output must end in .npy")
        }
      }
    }
    guard let pack else { return }
    if pack < 2 { throw ValidationError("--pack is \(pack); a row has at least 2 tokens") }
    if format == .datum {
      throw ValidationError(
        "--pack needs --format tokens, hf, npy or safetensors: a datum holds one example")
    }
    if lines.carry {
      throw ValidationError("--carry has no effect with --pack: a row has no place for it")
    }
    if let length = lines.maxLength, length > pack {
      throw ValidationError(
        "--max-length is \(length), and a row of --pack has only \(pack) tokens")
    }
  }

  func run() throws {
    let interruption = Interruption()
    interruption.listen()
    let source = try tokenizer.source()
    let made = try renderer.make(
      model: tokenizer.model, tokenizer: try source.load(), images: try images.chunkMaker())
    let job = RenderJob(
      renderer: made, settings: lines.settings(records, limit: pack), format: lines.format,
      workers: jobs ?? Machine.processorCount, keepsGoing: keepGoing, maximumErrors: maxErrors)
    var progress = Progress(isOn: !quiet, totalBytes: Self.size(of: inputs))
    var out = try RenderOutput(
      lines.format, path: dryRun ? nil : output.path, rowLength: pack,
      workers: jobs ?? Machine.processorCount, interruption)
    var bad: OutputFile? = nil
    if let rejects { bad = try OutputFile.begin(rejects, interruption) }
    var summary = try job.run(
      RecordSource(
        paths: inputs, form: records.inputFormat, shard: shard, limit: limit,
        readsOn: keepGoing),
      output: &out, rejects: &bad, progress: &progress)
    progress.clear()
    summary.packed = try out.finish(interruption)
    if dryRun { summary.batchSize = batchSize ?? 128 }
    try OutputFile.finish(&bad)
    if let path = output.output, Machine.fileSize(path) != nil {
      try RenderManifest(command: self, source: source, renderer: made, summary: summary)
        .write(beside: path, interruption)
    }
    try report(summary)
  }

  private func report(_ summary: RenderSummary) throws(CommandFailure) {
    if json {
      var writer = JSONWriter(style: .compact)
      summary.write(to: &writer)
      try OutputFile.printLine(String(decoding: writer.bytes, as: UTF8.self))
    } else if dryRun {
      try OutputFile.printLine(summary.text)
    } else if !quiet {
      Terminal.writeMessage(summary.text + "\n")
    }
    if !summary.isClean { throw CommandFailure(.findings, nil) }
  }

  /// The bytes of all inputs, or `nil` if one of them is no file.
  static func size(of paths: [String]) -> Int? {
    var sum = 0
    for path in paths {
      guard let size = Machine.fileSize(path) else { return nil }
      sum += size
    }
    return sum
  }
}
