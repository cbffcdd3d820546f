import ArgumentParser
import TinkerKit

/// `tinkerkit auth`
struct AuthCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "auth", abstract: "Credentials.", subcommands: [WhoAmI.self])

  /// `tinkerkit auth whoami`
  struct WhoAmI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "whoami",
      abstract: "Tell who the credential belongs to.",
      discussion: """
        Example:
          tinkerkit auth whoami
        """)

    @OptionGroup var service: ServiceArguments

    func run() async throws {
      try await service.perform {
        let identity = try await RestClient(service.questions).whoami()
        try service.printOne([
          ("user", .orNull(identity.user)), ("organization", .orNull(identity.organization)),
          ("email", .orNull(identity.email)),
        ])
      }
    }
  }
}
