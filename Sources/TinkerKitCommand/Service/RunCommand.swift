import ArgumentParser
import TinkerKit

/// `tinkerkit run`
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Training runs of the service.",
    subcommands: [List.self, Info.self])

  private static let names = [
    "run", "base_model", "lora_rank", "last_request_time", "last_checkpoint",
  ]

  private static func row(_ run: TrainingRun) -> [JSONValue] {
    [
      .orNull(run.id), .orNull(run.baseModel), .orNull(run.loraRank),
      .orNull(run.lastRequestTime), .orNull(run.lastCheckpoint?.path),
    ]
  }

  /// `tinkerkit run list`
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: "List training runs, the last first.",
      discussion: """
        Example:
          tinkerkit run list --limit 5
        """)

    @OptionGroup var service: ServiceArguments
    @Option(help: "The most runs.") var limit = 20
    @Option(help: "The runs to pass over.") var offset = 0

    func run() async throws {
      try await service.perform {
        let page = try await RestClient(service.questions).listTrainingRuns(
          limit: limit, offset: offset)
        try service.printRows(RunCommand.names, page.elements.map(RunCommand.row))
      }
    }
  }

  /// `tinkerkit run info`
  struct Info: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "info",
      abstract: "Tell about a training run.",
      discussion: """
        Example:
          tinkerkit run info RUN
        """)

    @OptionGroup var service: ServiceArguments
    @Argument(help: "The run's id.") var id: String

    func run() async throws {
      try await service.perform {
        let run = try await RestClient(service.questions).getTrainingRun(id: id)
        try service.printOne(Array(zip(RunCommand.names, RunCommand.row(run))))
      }
    }
  }
}
