import ArgumentParser
import TinkerKit

/// `tinkerkit template`
struct TemplateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "template",
    abstract: "Show what serving must match: stops, framing, options, differences.",
    discussion: """
      Example:
        tinkerkit template -r qwen3 -t Qwen3-8B

      The differences are from the chat template that lies beside the tokenizer, or from the one of \
      --template, computed over conversations that show one thing each.
      """)

  @OptionGroup var tokenizer: TokenizerArguments
  @OptionGroup var renderer: RendererArguments

  @Option(
    help: ArgumentHelp(
      "The chat template to compare with: a .jinja file, tokenizer_config.json, or a folder.",
      valueName: "path"))
  var template: String?

  @Option(
    help: ArgumentHelp(
      "A variable of the chat template, or its date; may be repeated.", valueName: "key=value"))
  var templateOption: [String] = []

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let source = try tokenizer.source()
    let loaded = try source.load()
    let made = try renderer.make(model: tokenizer.model, tokenizer: loaded)
    var guide = ServingGuide(for: made)
    if let other = try compared(source, loaded) { guide.compare(with: other) }
    try OutputFile.write(json ? guide.json().serialized(.compact) + "\n" : guide.text(), to: "-")
  }

  /// The renderer of the given template, or of the one beside the tokenizer, if there is one.
  private func compared(
    _ source: TokenizerSource, _ tokenizer: Tokenizer
  ) throws(CommandFailure) -> Renderer? {
    let folder = source.file.lastIndex(of: "/").map { String(source.file[..<$0]) } ?? "."
    let path = template ?? folder
    do throws(RenderingError) {
      return try Renderer(
        named: RendererRegistry.templatePrefix + path, tokenizer: tokenizer,
        options: try RendererOptions(parsing: templateOption))
    } catch {
      if template != nil || !templateOption.isEmpty { throw CommandFailure(.usage, error.message) }
      return nil
    }
  }
}
