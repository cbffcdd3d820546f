import ArgumentParser
import TinkerKit

/// Which tokenizer to use.
struct TokenizerOptions: ParsableArguments {
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
struct RendererOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "The renderer, for example qwen3 or llama3.")
  var renderer: String?

  @Option(
    name: .customLong("renderer-option"),
    help: ArgumentHelp("An option of the renderer; may be repeated.", valueName: "key=value"))
  var options: [RendererOption] = []

  /// Makes the renderer that was asked for, or the one recommended for the model.
  func make(model: String?, tokenizer: Tokenizer) throws(CommandFailure) -> Renderer {
    let name: String
    if let renderer {
      name = renderer
    } else if let model {
      do throws(RenderingError) {
        name = try Renderer.recommendedName(forModel: model)
      } catch {
        throw CommandFailure(.usage, "\(error) (--renderer names one)")
      }
    } else {
      throw CommandFailure(
        .usage, "no renderer is given: use --renderer, or --model with a model's name")
    }
    var values = JSONObject()
    for option in options { values[option.key] = option.value }
    do throws(RenderingError) {
      return try Renderer(named: name, tokenizer: tokenizer, options: values)
    } catch {
      let close = Suggestion.clause(for: name, among: Renderer.names)
      throw CommandFailure(.usage, error.description + (Renderer.names.contains(name) ? "" : close))
    }
  }
}
