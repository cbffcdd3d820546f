import TinkerFiles
import TinkerKit

/// What the process tells whoever started it.
enum ExitStatus: Int32 {
  /// Everything was done.
  case done = 0
  /// Done, and something was found or left out.
  case findings = 1
  /// The command was used wrongly.
  case usage = 2
  /// The input is bad.
  case badInput = 3
  /// The service or the network failed.
  case network = 4
  /// Someone stopped it: 128 + SIGINT.
  case interrupted = 130
  /// The reader of the output went away, as shells report it: 128 + SIGPIPE.
  case outputClosed = 141
}

/// Why a command ends early.
struct CommandFailure: Error {
  let status: ExitStatus
  /// The sentence for standard error; `nil` where there is nothing to say.
  let message: String?

  init(_ status: ExitStatus, _ message: String?) {
    self.status = status
    self.message = message
  }

  init(_ error: FileError) {
    if error == .outputClosed {
      self.init(.outputClosed, nil)
    } else {
      self.init(.badInput, error.description)
    }
  }

  init(_ error: TokenizerError) {
    self.init(.badInput, error.description)
  }
}
