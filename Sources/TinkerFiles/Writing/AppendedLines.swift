#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A log that grows by whole lines and survives the end of the process at any point.
///
/// Every line is handed to the system in one call. What an earlier process left of a line is cut off when
/// the log is opened.
public struct AppendedLines: ~Copyable {
  /// The path, for messages.
  public let name: String
  private let descriptor: Descriptor

  /// Opens a log, which is made if it does not exist.
  ///
  /// - Throws: `FileError.cannotWrite`.
  public init(path: String) throws(FileError) {
    name = path
    let number = unsafe open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    if number < 0 { throw .cannotWrite(path: path, reason: Platform.lastErrorText) }
    let opened = Descriptor(owning: number)
    try Self.cutUnfinishedLine(of: opened, path: path)
    descriptor = opened
  }

  /// Adds a line.
  ///
  /// - Parameters:
  ///   - line: The line without its end.
  ///   - synchronizes: Whether to wait until it is on the disk.
  /// - Throws: `FileError.cannotWrite`.
  public func append(_ line: String, synchronizes: Bool = false) throws(FileError) {
    try descriptor.write((line + "\n").utf8.span, path: name)
    if synchronizes { try descriptor.synchronize(path: name) }
  }

  private static func cutUnfinishedLine(
    of descriptor: borrowing Descriptor, path: String
  ) throws(FileError) {
    let whole = try WholeFile.bytes(path: path)
    guard let last = whole.last, last != UInt8(ascii: "\n") else { return }
    let end = whole.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    guard ftruncate(descriptor.number, off_t(end)) == 0 else {
      throw .cannotWrite(path: path, reason: Platform.lastErrorText)
    }
  }
}
