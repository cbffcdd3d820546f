import ArgumentParser
import TinkerKit

/// `tinkerkit model`
struct ModelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "The models of the service.", subcommands: [List.self])

  /// `tinkerkit model list`
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: "List the models of the service.",
      discussion: """
        Example:
          tinkerkit model list
        """)

    @OptionGroup var service: ServiceArguments

    func run() async throws {
      try await service.perform {
        let models = try await RestClient(service.questions).supportedModels()
        try service.printRows(
          ["model", "max_context_length", "trainable", "sampleable"],
          models.map {
            [
              .orNull($0.name), .orNull($0.maxContextLength), .bool($0.isTrainable),
              .bool($0.isSampleable),
            ]
          })
      }
    }
  }
}
