import ArgumentParser
import TinkerFiles
import TinkerKit

/// `tinkerkit decode`
struct DecodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Turn token ids into text.",
    discussion: """
      Example:
        tinkerkit encode -t Qwen3-8B notes.txt | tinkerkit decode -t Qwen3-8B

      Ids are separated by white space, commas or brackets. All ids of the input are one text, \
      which is written as it is; with --lines the ids of each line are.
      """)

  @Argument(
    help: ArgumentHelp("Files of ids, or - for standard input (the default).", valueName: "in"))
  var inputs: [String] = []

  @OptionGroup var tokenizer: TokenizerArguments

  @Option(help: ArgumentHelp("Ids instead of files.", valueName: "ids"))
  var ids: String?

  @Flag(help: "The ids of each line are a text of their own.")
  var lines = false

  @Flag(help: "Leave out the tokens that are marked special.")
  var skipSpecial = false

  @Flag(help: "Refuse ids that name no token; otherwise they are left out.")
  var strict = false

  @Flag(help: "Print one JSON object for each text.")
  var json = false

  func validate() throws {
    if ids != nil, !inputs.isEmpty || lines {
      throw ValidationError("--ids stands for the input: give no files and no --lines with it")
    }
  }

  func run() throws {
    let tokenizer = try tokenizer.source().load()
    var results = try Results()
    var all: [UInt32] = []
    func emit(_ ids: [UInt32], _ place: String, _ results: inout Results) throws(CommandFailure) {
      let text: String
      do throws(TokenizerError) {
        text =
          strict
          ? try tokenizer.decodeStrictly(ids, skipSpecialTokens: skipSpecial)
          : tokenizer.decode(ids, skipSpecialTokens: skipSpecial)
      } catch { throw CommandFailure(.badInput, "\(place): \(error)") }
      if json {
        var writer = JSONWriter(style: .compact)
        writer.beginObject()
        writer.key("text")
        writer.string(text)
        writer.endObject()
        try results.writeLine(&writer)
      } else {
        try results.write(lines ? text + "\n" : text)
      }
    }
    if let ids {
      try emit(try IDList.ids(in: ids.utf8.span, place: "--ids"), "--ids", &results)
      return try results.finish()
    }
    for path in inputs.isEmpty ? ["-"] : inputs {
      var reader = try LineReader.open(path)
      while try reader.advance() {
        let place = "\(reader.name):\(reader.lineNumber)"
        let ids = try IDList.ids(in: reader.line, place: place)
        if lines { try emit(ids, place, &results) } else { all += ids }
      }
    }
    if !lines { try emit(all, inputs.first ?? "<stdin>", &results) }
    try results.finish()
  }
}

/// Ids as people and programs write them: `1 2 3`, `1,2,3`, `[1, 2, 3]`.
enum IDList {
  static func ids(in bytes: Span<UInt8>, place: String) throws(CommandFailure) -> [UInt32] {
    var ids: [UInt32] = []
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x09, 0x0D, 0x0A, UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"):
        index += 1
        continue
      default: break
      }
      let start = index
      var value: UInt32? = 0
      while index < bytes.count, let digit = digit(bytes[index]) {
        value = value.flatMap { (value) -> UInt32? in
          let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
          let (sum, isOver) = product.addingReportingOverflow(digit)
          return isTooLarge || isOver ? nil : sum
        }
        index += 1
      }
      guard index > start else {
        throw CommandFailure(.badInput, "\(place):\(start + 1): expected an id, that is, digits")
      }
      guard let value else {
        throw CommandFailure(
          .badInput, "\(place):\(start + 1): the number is no id: ids are 0 to 4294967295")
      }
      ids.append(value)
    }
    return ids
  }

  private static func digit(_ byte: UInt8) -> UInt32? {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      ? UInt32(byte &- UInt8(ascii: "0")) : nil
  }
}
