import ArgumentParser
import TinkerFiles

/// When colours are used.
enum ColorChoice: String, CaseIterable, ExpressibleByArgument {
  case auto
  case always
  case never

  /// Whether what goes to that stream is coloured. `NO_COLOR` counts unless the user asks.
  func isOn(for stream: Terminal.Stream) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .auto:
      Machine.environmentVariable("NO_COLOR") == nil
        && Machine.environmentVariable("TERM") != "dumb" && Terminal.isTerminal(stream)
    }
  }
}

/// Where results go.
struct OutputArguments: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file for the results; it is whole or absent. Default: standard output.",
      valueName: "file"))
  var output: String?

  /// The path for `OutputFile`.
  var path: String { output ?? "-" }
}
