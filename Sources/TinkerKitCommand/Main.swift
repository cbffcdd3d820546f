import ArgumentParser
import TinkerFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The process: arguments in, exit status out.
@main
enum Main {
  static func main() {
    Interruption.ignoreClosedPipes()
    exit(status(arguments: Array(CommandLine.arguments.dropFirst())).rawValue)
  }

  private static func status(arguments: [String]) -> ExitStatus {
    do {
      var command = try Tinkerkit.parseAsRoot(arguments)
      if let network = command as? any AsyncParsableCommand {
        try AsyncRun.wait(for: network)
      } else {
        try command.run()
      }
      return .done
    } catch let failure as CommandFailure {
      if let message = failure.message { Terminal.writeMessage("tinkerkit: \(message)\n") }
      return failure.status
    } catch {
      return report(error, arguments)
    }
  }

  /// Help and version are errors to the argument parser, too; its own statuses are not ours.
  private static func report(_ error: any Error, _ arguments: [String]) -> ExitStatus {
    if let message = UnknownCommand.message(for: arguments) {
      Terminal.writeMessage("tinkerkit: \(message)\n")
      return .usage
    }
    let text = Tinkerkit.fullMessage(for: error)
    if !Tinkerkit.exitCode(for: error).isSuccess {
      Terminal.writeMessage(text + "\n")
      return .usage
    }
    do throws(FileError) {
      var output = try OutputFile(path: "-")
      try output.write(text.hasSuffix("\n") ? text : text + "\n")
      try output.commit()
      return .done
    } catch {
      return CommandFailure(error).status
    }
  }
}
