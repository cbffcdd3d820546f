import TinkerFiles
import TinkerKit

/// What an output was made of, for the file beside it. It holds no date and no machine, so that the
/// same run writes the same bytes.
struct RenderManifest {
  let command: RenderCommand
  let source: TokenizerSource
  let renderer: Renderer
  let summary: RenderSummary

  /// Writes `PATH.manifest.json`.
  func write(beside path: String, _ interruption: Interruption) throws(CommandFailure) {
    let digest: String
    do throws(FileError) { digest = try SHA256.digest(ofFile: source.file) } catch {
      throw CommandFailure(error)
    }
    var writer = JSONWriter(style: .compact)
    writer.beginObject()
    writer.key("tinkerkit")
    writer.string(Tinkerkit.version)
    writer.key("inputs")
    writer.value(.array(command.inputs.map { .string(JSONString($0)) }))
    writer.key("tokenizer")
    writer.value(["path": .string(JSONString(source.path)), "sha256": .string(JSONString(digest))])
    writer.key("renderer")
    writer.value(
      [
        "name": .string(JSONString(renderer.name)), "options": .object(renderer.options),
        "mode": .string(JSONString(renderer.mode.rawValue)),
      ])
    writer.key("options")
    writer.value(.object(options))
    if let path = command.output.output {
      let files = ArrayOutput.paths(command.lines.format, path: path, isPacked: command.pack != nil)
      if files.count > 1 {
        writer.key("outputs")
        writer.value(.array(files.map { .string(JSONString($0)) }))
      }
    }
    writer.key("counts")
    summary.write(to: &writer)
    writer.endObject()
    let text = String(decoding: writer.bytes, as: UTF8.self) + "\n"
    try OutputFile.write(text, to: "\(path).manifest.json", interruption)
  }

  /// The options that decide what the lines are.
  private var options: JSONObject {
    var options: JSONObject = [
      "train_on": .string(JSONString(command.records.trainOn.rawValue)),
      "expand": .string(JSONString(command.records.expand.rawValue)),
      "format": .string(JSONString(command.lines.format.rawValue)),
      "carry": .bool(command.lines.carry),
    ]
    options["input_format"] = command.records.inputFormat.map {
      .string(JSONString($0.rawValue))
    }
    options["pack"] = command.pack.map { .number(.integer($0)) }
    if let maximum = command.lines.maxLength ?? command.pack {
      options["max_length"] = .number(.integer(maximum))
      options["too_long"] = .string(JSONString((command.lines.tooLong ?? .error).rawValue))
    }
    options["limit"] = command.limit.map { .number(.integer($0)) }
    options["shard"] = command.shard.map { .string(JSONString("\($0.index)/\($0.count)")) }
    return options
  }
}
