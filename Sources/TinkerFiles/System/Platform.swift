#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The few constants and functions that the C libraries spell differently.
enum Platform {
  static let standardInput: Int32 = 0
  static let standardOutput: Int32 = 1

  /// What the system says about the last failed call.
  static var lastErrorText: String {
    guard let text = unsafe strerror(errno) else { return "error \(errno)" }
    return unsafe String(cString: text)
  }

  /// Whether the last call only failed because a signal came in between.
  static var wasInterrupted: Bool { errno == EINTR }

  /// Whether the last call failed because nobody reads the output any more.
  static var outputIsClosed: Bool { errno == EPIPE }
}
