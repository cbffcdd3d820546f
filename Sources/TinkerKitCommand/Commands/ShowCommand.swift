import ArgumentParser
import TinkerFiles
import TinkerKit

extension TerminalView.Selection {
  init(_ only: ShowCommand.Only) {
    switch only {
    case .all: self = .all
    case .loss: self = .loss
    }
  }
}

/// `tinkerkit show`
struct ShowCommand: ParsableCommand {
  /// Which tokens are shown.
  enum Only: String, CaseIterable, ExpressibleByArgument {
    case loss
    case all
  }

  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show examples token by token, with what is trained.",
    discussion: """
      Example:
        tinkerkit show data.jsonl -t Qwen3-8B -r qwen3 --html page.html

      On a terminal the trained tokens are green; without colours they stand in ⟦brackets⟧. The \
      page of --html needs no network and shows everything about a token under the pointer and \
      under the keyboard's focus.
      """)

  @Argument(help: ArgumentHelp("JSONL files, or - for standard input.", valueName: "in"))
  var inputs: [String]

  @OptionGroup var tokenizer: TokenizerArguments
  @OptionGroup var renderer: RendererArguments
  @OptionGroup var images: ImageArguments
  @OptionGroup var records: RecordArguments

  @Option(
    name: .customShort("n"),
    help: ArgumentHelp(
      "The conversations to show, from the first. Default: 3, and 100 with --html.",
      valueName: "k"))
  var count: Int?

  @Option(help: ArgumentHelp("Write one page of HTML; - for standard output.", valueName: "file"))
  var html: String?

  @Option(help: "The tokens to show.")
  var only: Only = .all

  @Flag(help: "One line for each token: position, id, weight, kind, message, text.")
  var ids = false

  @Option(help: ArgumentHelp("When to use colours.", valueName: "when"))
  var color: ColorChoice = .auto

  @Flag(help: "Print one JSON object for each example.")
  var json = false

  func validate() throws {
    if let count, count < 1 { throw ValidationError("-n is \(count); it is at least 1") }
    if json, html != nil || ids || only == .loss {
      throw ValidationError(
        "--json prints all tokens: give no --html, --ids or --only loss with it")
    }
    if html != nil, ids { throw ValidationError("--ids has no effect on the page of --html") }
  }

  func run() throws {
    let interruption = Interruption()
    interruption.listen()
    let source = try tokenizer.source()
    let made = try renderer.make(
      model: tokenizer.model, tokenizer: try source.load(), images: try images.chunkMaker())
    let settings = RecordSettings(
      form: records.inputFormat, trainOn: records.trainOn, expansion: records.expand,
      format: .tokens)
    var worker = RecordRenderer(renderer: made, settings: settings)
    let input = ConversationInput(
      inputs: inputs, form: records.inputFormat, limit: count ?? (html == nil ? 3 : 100))
    var entries: [HTMLPage.Entry] = []
    var lines: [UInt8] = []
    try input.forEach(renderer: made) { (record) throws(RenderingError) in
      let id = record.conversation.id.map { $0.text ?? $0.serialized(.compact) }
      let writer = ExampleWriter(format: .tokens)
      var number = 0
      try worker.forEachExample(of: record.conversation) { (example) throws(RenderingError) in
        if json { return try writer.append(example, of: record.conversation, to: &lines) }
        number += 1
        let view = TokenView(of: example, messages: record.messages, tokenizer: made.tokenizer)
        let part = number > 1 ? " · example \(number)" : ""
        let place = html == nil ? record.place : Self.base(of: record.place)
        entries.append(HTMLPage.Entry(title: place + part, id: id, view: view))
      }
    }
    if entries.isEmpty, lines.isEmpty {
      throw CommandFailure(
        .findings, "nothing to show: the input has no conversation that gives an example")
    }
    if json {
      try OutputFile.write(String(decoding: lines, as: UTF8.self), to: "-")
    } else if let html {
      try OutputFile.write(page(of: entries, made, source).html(), to: html, interruption)
    } else {
      try printViews(entries)
    }
  }

  private func page(
    of entries: [HTMLPage.Entry], _ renderer: Renderer, _ source: TokenizerSource
  ) -> HTMLPage {
    HTMLPage(
      title: inputs.map(Self.base).joined(separator: ", "),
      facts: [
        ("renderer", renderer.name),
        ("tokenizer", Self.base(of: source.path)),
        ("trained on", records.trainOn.rawValue.split(separator: "_").joined(separator: " ")),
      ], entries: entries, selection: TerminalView.Selection(only))
  }

  /// The last step of a path.
  static func base(of path: String) -> String {
    path.split(separator: "/").last.map { String($0) } ?? path
  }

  private func printViews(_ entries: [HTMLPage.Entry]) throws(CommandFailure) {
    let isColored = color.isOn(for: .standardOutput)
    let view = TerminalView(
      usesColor: isColored, width: Terminal.width(of: .standardOutput) ?? 100, listsTokens: ids,
      selection: TerminalView.Selection(only))
    var results = try Results()
    for entry in entries {
      let title = entry.id.map { "\(entry.title)  \($0)" } ?? entry.title
      try results.write(view.text(of: entry.view, title: title) + "\n")
    }
    if isColored { try results.write(view.legend) }
    try results.finish()
  }
}
