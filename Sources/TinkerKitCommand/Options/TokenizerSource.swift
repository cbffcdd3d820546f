import TinkerFiles
import TinkerKit

/// Where a tokenizer's files are: what `--tokenizer` and `--model` mean.
struct TokenizerSource {
  /// What the tokenizer is loaded from: a folder, or the file.
  let path: String
  /// The file itself, for its digest.
  let file: String

  /// Finds a folder, a file, or a model's folder in the local hub cache.
  ///
  /// - Throws: `CommandFailure` that says where it looked.
  init(_ argument: String) throws(CommandFailure) {
    if Machine.exists(argument) {
      path = argument
    } else if let folder = HubCache.folder(of: argument) {
      path = folder
    } else if HubCache.isModelName(argument) {
      throw CommandFailure(
        .badInput,
        """
        \(argument): no such file or folder, and no model of that name is in the hub cache \
        \(HubCache.root ?? "(there is none: set HF_HOME or HOME)")
        """)
    } else {
      throw CommandFailure(.badInput, "\(argument): no such file or folder")
    }
    guard Machine.isFolder(path) else {
      file = path
      return
    }
    let names = ["tokenizer.json", "tiktoken.model"]
    let folder = path
    guard let name = names.first(where: { Machine.exists("\(folder)/\($0)") }) else {
      throw CommandFailure(.badInput, "\(path): the folder has no tokenizer.json")
    }
    file = "\(path)/\(name)"
  }

  func load() throws(CommandFailure) -> Tokenizer {
    do throws(TokenizerError) { return try Tokenizer(contentsOf: path) } catch {
      throw CommandFailure(error)
    }
  }
}
