import ArgumentParser
import TinkerKit

/// Which tokenizer to use.
struct TokenizerArguments: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: "A folder with tokenizer.json, the file, or a model's name in the local hub cache.")
  var tokenizer: String?

  @Option(help: "A model's name in the local hub cache: its tokenizer and recommended renderer.")
  var model: String?

  func source() throws(CommandFailure) -> TokenizerSource {
    guard let name = tokenizer ?? model else {
      throw CommandFailure(
        .usage, "no tokenizer is given: use --tokenizer with a folder or a file, or --model")
    }
    return try TokenizerSource(name)
  }
}

/// Which renderer to use.
struct RendererArguments: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: "The renderer, for example qwen3, or template:PATH for a model's own chat template.")
  var renderer: String?

  @Option(
    name: .customLong("renderer-option"),
    help: ArgumentHelp("An option of the renderer; may be repeated.", valueName: "key=value"))
  var options: [String] = []

  @Flag(help: "Do not copy the known faults of the reference. Implies plain text.")
  var strict = false

  @Flag(help: "Let no added token match in the text of users and tools.")
  var plainText = false

  /// How far the reference is followed.
  var mode: RenderingMode { strict ? .strict : plainText ? .plainText : .reference }

  func validate() throws {
    if strict, plainText { throw ValidationError("--plain-text has no effect with --strict") }
  }

  /// Makes the renderer that was asked for, or the one recommended for the model.
  func make(
    model: String?, tokenizer: Tokenizer, images: (any ImageChunkMaker)? = nil
  ) throws(CommandFailure) -> Renderer {
    try Self.make(
      try name(model: model), options: options, mode: mode, tokenizer: tokenizer, images: images)
  }

  /// Makes a renderer by its name.
  static func make(
    _ name: String, options: [String], mode: RenderingMode = .reference, tokenizer: Tokenizer,
    images: (any ImageChunkMaker)? = nil
  ) throws(CommandFailure) -> Renderer {
    let known = RendererRegistry.standard.names
    guard known.contains(name) || name.hasPrefix(RendererRegistry.templatePrefix) else {
      let close = Suggestion.clause(for: name, among: known)
      let names = close.isEmpty ? "; the renderers are: \(known.joined(separator: ", "))" : close
      throw CommandFailure(.usage, "there is no renderer '\(name)'" + names)
    }
    do throws(RenderingError) {
      return try Renderer(
        named: name, tokenizer: tokenizer, options: try RendererOptions(parsing: options),
        mode: mode,
        images: images)
    } catch {
      throw CommandFailure(.usage, error.message)
    }
  }

  private func name(model: String?) throws(CommandFailure) -> String {
    if let renderer { return renderer }
    guard let model else {
      throw CommandFailure(
        .usage, "no renderer is given: use --renderer, or --model with a model's name")
    }
    do throws(RenderingError) {
      guard let name = try Renderer.recommended(forModel: model).first else {
        throw RenderingError(.request, "no renderer is known for '\(model)'")
      }
      return name
    } catch {
      throw CommandFailure(.usage, "\(error.message); --renderer names one")
    }
  }
}
