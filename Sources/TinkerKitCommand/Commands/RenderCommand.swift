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
      input. Beside an output file stands FILE.manifest.json with the tokenizer's digest, the \
      renderer, its options and all counts.

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

  func run() throws {
    let interruption = Interruption()
    interruption.listen()
    let source = try tokenizer.source()
    let made = try renderer.make(
      model: tokenizer.model, tokenizer: try source.load(), images: try images.chunkMaker())
    let settings = lines.settings(records)
    let job = RenderJob(
      renderer: made, settings: settings, workers: jobs ?? Machine.processorCount,
      keepsGoing: keepGoing, maximumErrors: maxErrors)
    var progress = Progress(isOn: !quiet, totalBytes: Self.size(of: inputs))
    var lines = dryRun ? nil : try OutputFile.begin(output.path, interruption)
    var bad: OutputFile? = nil
    if let rejects { bad = try OutputFile.begin(rejects, interruption) }
    let summary = try job.run(
      RecordSource(
        paths: inputs, form: records.inputFormat, shard: shard, limit: limit,
        readsOn: keepGoing),
      output: &lines, rejects: &bad, progress: &progress)
    progress.clear()
    try OutputFile.finish(&lines)
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
