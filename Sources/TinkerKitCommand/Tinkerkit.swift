import ArgumentParser

/// The command with its subcommands.
struct Tinkerkit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tinkerkit",
    abstract: "Turn conversations into exactly the tokens and weights that a model trains on.",
    discussion: """
      Example:
        tinkerkit show data.jsonl --tokenizer Qwen3-8B --renderer qwen3

      Exit status: 0 done; 1 done, with findings or with records that were left out; 2 wrong \
      usage; 3 bad input; 4 the service or the network failed; 130 interrupted.
      """,
    version: version,
    subcommands: [
      RenderCommand.self, ShowCommand.self, CheckCommand.self, DiffCommand.self,
      TemplateCommand.self, PromptCommand.self,
      ParseCommand.self, EncodeCommand.self, DecodeCommand.self, CountCommand.self,
      ImageCommand.self, WorkerCommand.self, DoctorCommand.self, SampleCommand.self,
      CheckpointCommand.self, RunCommand.self, ModelCommand.self, AuthCommand.self,
      HubCommand.self, ServeLocalCommand.self, TrainCommand.self,
    ])

  /// The version of the program and of the library.
  static let version = "0.1.0"
}
