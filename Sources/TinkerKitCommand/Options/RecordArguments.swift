import ArgumentParser
import TinkerKit

/// How records become examples: what `render`, `show` and `worker` share.
struct RecordArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("Which messages are trained.", valueName: "mode"))
  var trainOn: TrainOn = .allAssistantMessages

  @Option(
    help: ArgumentHelp(
      "Examples a conversation gives: auto: one, or one for each trained turn where a later turn "
        + "changes earlier tokens; turns: one for each; none: one.", valueName: "how"))
  var expand: RecordSettings.Expansion = .auto

  @Option(
    help: ArgumentHelp(
      "How the records are written; told by the keys of the first if not given.",
      valueName: "form"))
  var inputFormat: RecordForm?
}

/// How examples become lines: what `render` and `worker` share.
struct LineArguments: ParsableArguments {
  @Option(help: ArgumentHelp("The form of the examples.", valueName: "form"))
  var format: OutputFormat = .datum

  @Option(help: ArgumentHelp("The most tokens of an example.", valueName: "n"))
  var maxLength: Int?

  @Option(
    help: ArgumentHelp(
      "What happens to longer examples: drop: they are left out; cut: they end behind the last "
        + "target that fits with its stop token; turn: with the last turn that fits. Default: error",
      valueName: "what"))
  var tooLong: RecordSettings.LengthPolicy?

  @Flag(help: "Write the members of a record that are no part of the conversation into its lines.")
  var carry = false

  func validate() throws {
    if let maxLength, maxLength < 2 {
      throw ValidationError("--max-length is \(maxLength); an example has at least 2 tokens")
    }
  }

  /// The settings, with a limit for the tokens of an example where none was given.
  func settings(_ records: RecordArguments, limit: Int? = nil) -> RecordSettings {
    RecordSettings(
      form: records.inputFormat, trainOn: records.trainOn, expansion: records.expand,
      format: format.lines ?? .tokens, maximumLength: maxLength ?? limit,
      lengthPolicy: tooLong ?? .error, carriesOthers: carry)
  }
}
