#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The default log: lines on standard error.
enum StandardErrorLog {
  /// A log that leaves out what matters less than the environment asks for.
  static func make(_ environment: Environment) -> @Sendable (LogLevel, String) -> Void {
    let lowest: LogLevel =
      switch environment["TINKER_LOG"] {
      case "debug": .debug
      case "info": .info
      default: .warning
      }
    return { level, message in
      guard level >= lowest else { return }
      let line = Array("tinkerkit: \(message)\n".utf8)
      // The count is the array's own.
      _ = unsafe write(STDERR_FILENO, line, line.count)
    }
  }
}
