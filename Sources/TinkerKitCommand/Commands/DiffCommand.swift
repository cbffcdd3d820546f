import ArgumentParser
import TinkerFiles
import TinkerKit

/// `tinkerkit diff`
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show where two renderers, tokenizers or rendered files disagree.",
    discussion: """
      Example:
        tinkerkit diff data.jsonl -t Qwen3-8B -r qwen3 -r template:Qwen3-8B
        tinkerkit diff data.jsonl -r qwen3 -t Qwen3-8B -t my-tokenizer
        tinkerkit diff old.jsonl new.jsonl --rendered -t Qwen3-8B

      Exit status 1 if something differs.
      """)

  @Argument(
    help: ArgumentHelp(
      "JSONL files of conversations, or - for standard input; with --rendered two files of render.",
      valueName: "in"))
  var inputs: [String]

  @Option(
    name: .shortAndLong,
    help: "A renderer, or template:PATH; give two, or one with two tokenizers.")
  var renderer: [String] = []

  @Option(
    name: .shortAndLong,
    help: "A tokenizer's folder or file, or a model in the local hub cache; one or two.")
  var tokenizer: [String] = []

  @Option(
    name: .customLong("renderer-option"),
    help: ArgumentHelp(
      "An option of a renderer: 1:key=value for the first, 2:key=value for the second.",
      valueName: "n:key=value"))
  var options: [String] = []

  @Option(help: ArgumentHelp("Which messages are trained.", valueName: "mode"))
  var trainOn: TrainOn = .allAssistantMessages

  @Option(
    help: ArgumentHelp(
      "How the records are written; told by the keys of the first if not given.",
      valueName: "form"))
  var inputFormat: RecordForm?

  @Flag(help: "Compare files that render has written.")
  var rendered = false

  @Option(
    name: .customShort("n"),
    help: ArgumentHelp("How many of the records that differ are shown.", valueName: "k"))
  var shown = 3

  @Option(help: ArgumentHelp("The most records to compare.", valueName: "n"))
  var limit: Int?

  @Option(help: ArgumentHelp("Write one page of HTML, side by side.", valueName: "file"))
  var html: String?

  @Option(help: ArgumentHelp("When to use colours.", valueName: "when"))
  var color: ColorChoice = .auto

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if shown < 0 { throw ValidationError("-n is \(shown); it is at least 0") }
    if rendered {
      if inputs.count != 2 { throw ValidationError("--rendered compares two files") }
      if !renderer.isEmpty || !options.isEmpty || tokenizer.count > 1 {
        throw ValidationError("--rendered takes no renderer, and one tokenizer at most")
      }
      return
    }
    if tokenizer.isEmpty { throw ValidationError("no tokenizer is given: use --tokenizer") }
    let sides = max(renderer.count, tokenizer.count)
    if sides != 2 || renderer.isEmpty {
      throw ValidationError("give two renderers, or one renderer and two tokenizers")
    }
  }

  func run() throws {
    let diff = rendered ? try comparedFiles() : try comparedRenderers()
    if let html {
      let title = inputs.map { $0.split(separator: "/").last.map { String($0) } ?? $0 }
      try OutputFile.write(
        DiffPage(diff, title: title.joined(separator: ", ")).html(), to: html)
    }
    if html != "-" {
      try OutputFile.write(
        json
          ? diff.json(shown: shown).serialized(.compact) + "\n"
          : diff.text(shown: shown, usesColor: color.isOn(for: .standardOutput)), to: "-")
    }
    if diff.different > 0 { throw CommandFailure(.findings, nil) }
  }

  // MARK: Renderers

  private func comparedRenderers() throws -> RenderingDiff {
    let left = try side(0)
    let right = try side(1)
    var names = [left.name, right.name]
    if tokenizer.count == 2 {
      names = zip(names, tokenizer).map { "\($0) (\($1))" }
    }
    var diff = RenderingDiff(
      left: names[0], right: names[1], comparesIDs: tokenizer.count == 1, keeps: max(shown, 100))
    var leftSession = left.makeSession()
    var rightSession = right.makeSession()
    let input = ConversationInput(inputs: inputs, form: inputFormat, limit: limit)
    try input.forEachConversation { (conversation, place) throws(RenderingError) in
      diff.add(
        place, Self.examples(of: conversation, left, &leftSession, trainOn),
        Self.examples(of: conversation, right, &rightSession, trainOn))
    }
    return diff
  }

  private static func examples(
    of conversation: Conversation, _ renderer: Renderer, _ session: inout RenderSession,
    _ trainOn: TrainOn
  ) -> Result<[[DiffToken]], RenderingError> {
    do throws(RenderingError) {
      let messages = try renderer.messages(of: conversation)
      return session.sides(of: messages, trainOn: trainOn, of: renderer)
    } catch { return .failure(error) }
  }

  /// The renderer of a side: the first or the only one is that of side 0.
  private func side(_ index: Int) throws(CommandFailure) -> Renderer {
    let loaded = try TokenizerSource(tokenizer[min(index, tokenizer.count - 1)]).load()
    var given: [String] = []
    for option in options {
      if option.hasPrefix("\(index + 1):") {
        given.append(String(option.dropFirst(2)))
      } else if !option.hasPrefix("1:"), !option.hasPrefix("2:") {
        throw CommandFailure(
          .usage, "a renderer option of diff begins with 1: or 2:, and '\(option)' does not")
      }
    }
    return try RendererArguments.make(
      renderer[min(index, renderer.count - 1)], options: given, tokenizer: loaded)
  }

  // MARK: Files

  private func comparedFiles() throws(CommandFailure) -> RenderingDiff {
    let loaded: Tokenizer? = tokenizer.isEmpty ? nil : try TokenizerSource(tokenizer[0]).load()
    var diff = RenderingDiff(left: inputs[0], right: inputs[1], keeps: max(shown, 100))
    var left = try LineReader.open(inputs[0])
    var right = try LineReader.open(inputs[1])
    var count = 0
    while count < limit ?? .max {
      let place = "line \(count + 1)"
      let a = try Self.next(&left, loaded)
      let b = try Self.next(&right, loaded)
      if a == nil, b == nil { break }
      diff.add(place, .success(a.map { [$0] } ?? []), .success(b.map { [$0] } ?? []))
      count += 1
    }
    return diff
  }

  /// The next example of a rendered file.
  private static func next(
    _ reader: inout LineReader, _ tokenizer: Tokenizer?
  ) throws(CommandFailure) -> [DiffToken]? {
    while try reader.advance() {
      if RecordSource.isBlank(reader.line) { continue }
      let place = "\(reader.name):\(reader.lineNumber)"
      var bytes: [UInt8] = []
      for index in reader.line.indices { bytes.append(reader.line[index]) }
      do throws(RenderingError) {
        let value: JSONValue
        do { value = try JSONValue.parse(bytes) } catch { throw RenderingError(error) }
        return try DiffToken.tokens(rendered: value, tokenizer: tokenizer)
      } catch { throw CommandFailure(.badInput, "\(place): \(error.description)") }
    }
    return nil
  }
}
