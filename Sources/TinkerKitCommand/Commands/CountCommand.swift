import ArgumentParser
import TinkerKit

/// `tinkerkit count`
struct CountCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "count",
    abstract: "Count the tokens of files or lines.",
    discussion: """
      Example:
        tinkerkit count -t Qwen3-8B README.md notes.txt
      """)

  @OptionGroup var texts: TextArguments
  @OptionGroup var tokenizer: TokenizerArguments

  @Option(
    help: ArgumentHelp(
      "What becomes of text that spells an added token: match: its id; literal: tokens marked "
        + "special stay text; none: all stay text.", valueName: "how"))
  var special: SpecialText = .match

  @Flag(help: "Count the tokens of the tokenizer's template, too.")
  var addSpecial = false

  @Flag(help: "Print one JSON object for each file or line.")
  var json = false

  func run() throws {
    let tokenizer = try tokenizer.source().load()
    var results = try Results()
    var writer = JSONWriter(style: .compact)
    var total = 0
    try texts.forEach { (text, file, line) throws(CommandFailure) in
      let count = tokenizer.count(
        text, addSpecialTokens: addSpecial, addedTokens: special.matching)
      total += count
      if json {
        writer.beginObject()
        writer.key("file")
        writer.string(file)
        if let line {
          writer.key("line")
          writer.integer(line)
        }
        writer.key("count")
        writer.integer(count)
        writer.endObject()
        try results.writeLine(&writer)
      } else if line != nil || texts.text != nil {
        try results.write("\(count)\n")
      } else {
        try results.write("\(count)\t\(file)\n")
      }
    }
    if !json, !texts.lines, texts.inputs.count > 1 { try results.write("\(total)\ttotal\n") }
    try results.finish()
  }
}
