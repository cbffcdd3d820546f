#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// What is known of the streams that a program is started with.
public enum Terminal {
  /// The two output streams.
  public enum Stream: Int32, Sendable {
    /// Results.
    case standardOutput = 1
    /// Messages.
    case standardError = 2
  }

  /// Whether a person reads the stream.
  public static func isTerminal(_ stream: Stream) -> Bool { isatty(stream.rawValue) == 1 }

  /// The columns of the terminal, or `nil` where there is none.
  public static func width(of stream: Stream) -> Int? {
    var size = winsize()
    guard unsafe ioctl(stream.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }

  /// Writes a message to standard error at once. A message that cannot be written is lost.
  public static func writeMessage(_ text: String) {
    try? Descriptor(borrowing: Stream.standardError.rawValue)
      .write(text.utf8.span, path: "<stderr>")
  }
}
