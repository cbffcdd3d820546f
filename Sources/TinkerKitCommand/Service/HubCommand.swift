import ArgumentParser
import TinkerFiles
import TinkerKit

/// `tinkerkit hub`
struct HubCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hub", abstract: "The model hub.", subcommands: [Download.self])

  /// `tinkerkit hub download`
  struct Download: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "download",
      abstract: "Download tokenizer and configuration files into the local cache.",
      discussion: """
        Example:
          tinkerkit hub download Qwen/Qwen3-8B

        Honours HF_ENDPOINT, HF_TOKEN, HF_HOME, HF_HUB_CACHE and HF_HUB_OFFLINE.
        """)

    @Argument(help: "The model's name.") var model: String
    @Option(help: "A branch, tag or commit.") var revision = "main"
    @Option(name: .customLong("file"), help: "A file in place of the usual ones; may be repeated.")
    var files: [String] = []
    @OptionGroup var service: ServiceArguments

    func run() async throws {
      try await service.perform {
        let snapshot = try await ModelHub().download(
          model, revision: revision, files: files.isEmpty ? ModelHub.tokenizerFiles : files)
        try service.printRows(
          ["file"], snapshot.files.map { [.orNull("\(snapshot.path)/\($0)")] })
      }
    }
  }
}
