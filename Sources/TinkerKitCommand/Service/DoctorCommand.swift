import ArgumentParser
import TinkerKit

/// `tinkerkit doctor`
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check the connection to the service.",
    discussion: """
      Example:
        tinkerkit doctor

      Prints the version, the address, whether the service takes the credential, and how many models \
      it offers.
      """)

  @OptionGroup var service: ServiceArguments

  func run() async throws {
    try await service.perform {
      var options = service.options
      // Who looks for a fault does not want to wait for it to pass.
      options.deadline = options.deadline ?? .seconds(5)
      try service.printOne([
        ("version", .orNull(Tinkerkit.version)),
        ("address", .orNull(options.resolvedBaseURL)),
        ("hub_cache", .orNull(HubCache.root)),
      ])
      let models = try await RestClient(options).supportedModels()
      try service.printOne([
        ("credential", "accepted"), ("models", .orNull(models.count)),
        ("trainable", .orNull(models.count { $0.isTrainable })),
      ])
    }
  }
}
