import ArgumentParser
import TinkerFiles
import TinkerKit

/// Texts that a command reads: an argument, whole files, or lines of files.
struct TextArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp("Text files, or - for standard input (the default).", valueName: "in"))
  var inputs: [String] = []

  @Option(help: "A text instead of files.")
  var text: String?

  @Flag(help: "Each line is a text of its own, without its line end.")
  var lines = false

  func validate() throws {
    if text != nil, !inputs.isEmpty || lines {
      throw ValidationError("--text stands for the input: give no files and no --lines with it")
    }
  }

  /// Hands out each text with its place; the line is `nil` for whole files.
  func forEach(
    _ body: (_ text: String, _ file: String, _ line: Int?) throws(CommandFailure) -> Void
  ) throws(CommandFailure) {
    if let text { return try body(text, "--text", nil) }
    for path in inputs.isEmpty ? ["-"] : inputs {
      if lines {
        try forEachLine(of: path, body)
      } else {
        let text: String
        do throws(FileError) { text = try WholeFile.text(path: path) } catch {
          throw CommandFailure(error)
        }
        try body(text, path == "-" ? "<stdin>" : path, nil)
      }
    }
  }

  private func forEachLine(
    of path: String, _ body: (String, String, Int?) throws(CommandFailure) -> Void
  ) throws(CommandFailure) {
    var reader = try LineReader.open(path)
    while try reader.advance() {
      let text: String
      do throws(FileError) {
        text = try UTF8Check.text(reader.line, path: reader.name, firstLine: reader.lineNumber)
      } catch { throw CommandFailure(error) }
      try body(text, reader.name, reader.lineNumber)
    }
  }
}

extension LineReader {
  static func open(_ path: String) throws(CommandFailure) -> LineReader {
    do throws(FileError) { return try LineReader(path: path) } catch { throw CommandFailure(error) }
  }

  /// `next()` with a command's error.
  mutating func advance() throws(CommandFailure) -> Bool {
    do throws(FileError) { return try next() } catch { throw CommandFailure(error) }
  }
}
