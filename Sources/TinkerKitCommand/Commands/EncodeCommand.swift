import ArgumentParser
import TinkerFiles
import TinkerKit

/// `tinkerkit encode`
struct EncodeCommand: ParsableCommand {
  /// How offsets are counted.
  enum OffsetUnit: String, CaseIterable, ExpressibleByArgument {
    case scalars
    case bytes
  }

  static let configuration = CommandConfiguration(
    commandName: "encode",
    abstract: "Turn text into token ids.",
    discussion: """
      Example:
        tinkerkit encode -t Qwen3-8B --text "Hello, world!"

      The ids of a text stand on one line. With --offsets each token has a line: id, start, end, \
      text.
      """)

  @OptionGroup var texts: TextArguments
  @OptionGroup var tokenizer: TokenizerArguments

  @Option(help: "Also print the place of each token in the text.")
  var offsets: OffsetUnit?

  @Option(
    help: ArgumentHelp(
      "What becomes of text that spells an added token: match: its id; literal: tokens marked "
        + "special stay text; none: all stay text.", valueName: "how"))
  var special: SpecialText = .match

  @Flag(help: "Apply the tokenizer's template, for example a begin-of-text token.")
  var addSpecial = false

  @Flag(help: "Print one JSON object for each text.")
  var json = false

  func run() throws {
    let tokenizer = try tokenizer.source().load()
    var results = try Results()
    var writer = JSONWriter(style: .compact)
    try texts.forEach { (text, _, _) throws(CommandFailure) in
      let encoding = tokenizer.encodeWithOffsets(
        text, addSpecialTokens: addSpecial, addedTokens: special.matching)
      let ranges = offsets.map { $0 == .bytes ? encoding.byteOffsets : encoding.scalarOffsets }
      if json {
        Self.write(encoding.ids, ranges, to: &writer)
        try results.writeLine(&writer)
      } else if let ranges {
        for (id, range) in zip(encoding.ids, ranges) {
          let own = JSONValue.string(JSONString(tokenizer.decode([id]))).serialized(.compact)
          try results.write("\(id)\t\(range.lowerBound)\t\(range.upperBound)\t\(own)\n")
        }
      } else {
        try results.write(encoding.ids.map { String($0) }.joined(separator: " ") + "\n")
      }
    }
    try results.finish()
  }

  private static func write(
    _ ids: [UInt32], _ ranges: [Range<Int>]?, to writer: inout JSONWriter
  ) {
    writer.beginObject()
    writer.key("ids")
    writer.ids(ids)
    if let ranges {
      writer.key("offsets")
      writer.beginArray()
      for range in ranges {
        writer.integer(range.lowerBound)
        writer.integer(range.upperBound)
      }
      writer.endArray()
    }
    writer.endObject()
  }
}
