import ArgumentParser

/// The command line of TinkerKit.
@main
struct Tinkerkit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tinkerkit", abstract: "Prepare data for language models, exactly.")
}
