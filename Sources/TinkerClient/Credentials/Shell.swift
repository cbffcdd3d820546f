#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Shell commands that the user configured.
enum Shell {
  /// A command that failed.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The longest output that is read.
  private static let longestOutput = 65536

  /// The output of a command without white space around it. Its standard error goes to ours.
  static func output(of command: String) throws(Failure) -> String {
    guard let stream = unsafe popen(command, "r") else {
      throw Failure(description: "the command cannot be run")
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while bytes.count < longestOutput {
      // The buffer is as long as the count that is passed with it.
      let count = unsafe fread(&buffer, 1, buffer.count, stream)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    let status = unsafe pclose(stream)
    guard status == 0 else { throw Failure(description: "the command failed (status \(status))") }
    let text = String(decoding: bytes, as: UTF8.self)
    guard let first = text.firstIndex(where: { !$0.isWhitespace }),
      let last = text.lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(text[first...last])
  }
}
