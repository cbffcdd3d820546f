import TinkerFiles
import TinkerKit

/// The results of a command on their way out. What was not committed is flushed all the same when an
/// error ends the command on standard output, so that nobody misses what was found before it.
struct Results: ~Copyable {
  private var output: OutputFile

  init(_ path: String = "-", _ interruption: Interruption? = nil) throws(CommandFailure) {
    output = try OutputFile.begin(path, interruption)
  }

  mutating func write(_ text: String) throws(CommandFailure) {
    do throws(FileError) { try output.write(text) } catch { throw CommandFailure(error) }
  }

  /// Writes the text of a writer as one line, and empties the writer.
  mutating func writeLine(_ writer: inout JSONWriter) throws(CommandFailure) {
    writer.bytes.append(UInt8(ascii: "\n"))
    do throws(FileError) { try output.write(writer.bytes.span) } catch {
      throw CommandFailure(error)
    }
    writer.reset()
  }

  mutating func flush() throws(CommandFailure) {
    do throws(FileError) { try output.flush() } catch { throw CommandFailure(error) }
  }

  consuming func finish() throws(CommandFailure) {
    do throws(FileError) { try output.commit() } catch { throw CommandFailure(error) }
  }
}
