import ArgumentParser
import TinkerFiles
import TinkerKit

/// `tinkerkit check`
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Audit a data set: are the right tokens trained, and nothing else?",
    discussion: """
      Example:
        tinkerkit check train.jsonl test.jsonl -t Qwen3-8B -r qwen3 --max-length 4096

      Prints what was found, the gravest first, with the first places of each, and counts of \
      tokens, lengths and roles. All cores are used, and memory does not grow with the input. The \
      codes are explained in the documentation of TinkerRendering, page Findings. --html writes \
      the same with plots and the tokens of the first places.

      The exit status is 1 when something was found that is at least as grave as --fail-on says.
      """)

  @Argument(help: ArgumentHelp("JSONL files, or - for standard input.", valueName: "in"))
  var inputs: [String]

  @OptionGroup var tokenizer: TokenizerArguments
  @OptionGroup var renderer: RendererArguments
  @OptionGroup var images: ImageArguments
  @OptionGroup var records: RecordArguments

  @Option(help: ArgumentHelp("Look for this and nothing else; may be repeated.", valueName: "code"))
  var select: [FindingCode] = []

  @Option(help: ArgumentHelp("Do not look for this; may be repeated.", valueName: "code"))
  var ignore: [FindingCode] = []

  @Option(help: "The gravity from which on the exit status is 1.")
  var failOn: FindingSeverity = .warning

  @Option(
    help: ArgumentHelp(
      "The most tokens of an example. Repeated, the counts are for each and the findings for the "
        + "first.", valueName: "n"))
  var maxLength: [Int] = []

  @Option(help: ArgumentHelp("The places shown of each finding.", valueName: "k"))
  var first = 3

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file for every finding, one JSON object a line.", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Write the report as one page of HTML, with plots and the tokens of the first places.",
      valueName: "file"))
  var html: String?

  @Option(help: ArgumentHelp("Threads. Default: one for each processor.", valueName: "n"))
  var jobs: Int?

  @Option(help: ArgumentHelp("Take only the first records.", valueName: "n"))
  var limit: Int?

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress on standard error.")
  var quiet = false

  /// The codes that say nothing without a limit on the length.
  private static let needLength: Set<FindingCode> = [.tooLong, .truncatedTarget, .cutImage]

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs is \(jobs); it is at least 1") }
    if let limit, limit < 0 { throw ValidationError("--limit is \(limit); it is at least 0") }
    if first < 0 { throw ValidationError("--first is \(first); it is at least 0") }
    for length in maxLength where length < 2 {
      throw ValidationError("--max-length is \(length); an example has at least 2 tokens")
    }
    if maxLength.isEmpty, let code = select.first(where: Self.needLength.contains) {
      throw ValidationError("--select \(code.rawValue) has no effect without --max-length")
    }
    if html == "-" {
      throw ValidationError("--html names a file; the report is on standard output")
    }
    if let html, html == output {
      throw ValidationError("--output and --html name the same file")
    }
    if output == "-" {
      throw ValidationError("--output names a file; the report is on standard output")
    }
  }

  func run() throws {
    let interruption = Interruption()
    interruption.listen()
    let source = try tokenizer.source()
    let made = try renderer.make(
      model: tokenizer.model, tokenizer: try source.load(), images: try images.chunkMaker())
    let chosen = select.isEmpty ? Set(FindingCode.allCases) : Set(select)
    let settings = AuditSettings(
      records: RecordSettings(
        form: records.inputFormat, trainOn: records.trainOn, expansion: records.expand),
      codes: chosen.subtracting(ignore), maximumLength: maxLength.first, candidateLengths: maxLength
    )
    let job = AuditJob(
      renderer: made, settings: settings, workers: jobs ?? Machine.processorCount,
      keptFindings: first, keepsRecords: html != nil)
    var progress = Progress(isOn: !quiet, totalBytes: RenderCommand.size(of: inputs))
    var findings: OutputFile?
    if let output { findings = try OutputFile.begin(output, interruption) }
    let report = try job.run(
      RecordSource(paths: inputs, form: records.inputFormat, limit: limit, readsOn: true),
      output: &findings, progress: &progress)
    progress.clear()
    try OutputFile.finish(&findings)
    if let html {
      let page = report.page(
        title: inputs.map(ShowCommand.base).joined(separator: ", "),
        facts: [
          ("renderer", made.name), ("tokenizer", ShowCommand.base(of: source.path)),
          ("trained on", records.trainOn.rawValue.split(separator: "_").joined(separator: " ")),
        ], renderer: made, settings: settings.records, form: records.inputFormat)
      try OutputFile.write(page.html(), to: html, interruption)
    }
    if json {
      var writer = JSONWriter(style: .compact)
      report.write(to: &writer)
      try OutputFile.printLine(String(decoding: writer.bytes, as: UTF8.self))
    } else {
      try OutputFile.printLine(report.text)
    }
    if let worst = report.audit.worst, worst >= failOn { throw CommandFailure(.findings, nil) }
  }
}
