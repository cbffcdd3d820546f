#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A new file that grows by whole records, each handed to the system in one call.
public struct AppendedBytes: ~Copyable {
  /// The path, for messages.
  public let name: String
  private let descriptor: Descriptor

  /// Makes a file. One that is there already is not touched.
  ///
  /// - Throws: `FileError.cannotWrite`.
  public init(creating path: String) throws(FileError) {
    name = path
    let number = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o666)
    if number < 0 { throw .cannotWrite(path: path, reason: Platform.lastErrorText) }
    descriptor = Descriptor(owning: number)
  }

  /// Adds a record.
  ///
  /// - Throws: `FileError.cannotWrite`.
  public func append(_ bytes: Span<UInt8>) throws(FileError) {
    try descriptor.write(bytes, path: name)
  }
}
