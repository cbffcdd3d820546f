import TinkerFiles

/// The steps of an output with the errors of a command.
extension OutputFile {
  static func begin(
    _ path: String, _ interruption: Interruption? = nil
  ) throws(CommandFailure) -> OutputFile {
    do throws(FileError) {
      return try OutputFile(path: path, interruption: interruption)
    } catch { throw CommandFailure(error) }
  }

  /// Finishes an output if there is one.
  static func finish(_ output: inout OutputFile?) throws(CommandFailure) {
    do throws(FileError) { try output.take()?.commit() } catch { throw CommandFailure(error) }
  }

  /// Writes one line to standard output.
  static func printLine(_ text: String) throws(CommandFailure) {
    try write(text + "\n", to: "-")
  }

  /// Writes a whole file.
  static func write(
    _ text: String, to path: String, _ interruption: Interruption? = nil
  ) throws(CommandFailure) {
    do throws(FileError) {
      var output = try OutputFile(path: path, interruption: interruption)
      try output.write(text)
      try output.commit()
    } catch { throw CommandFailure(error) }
  }
}
