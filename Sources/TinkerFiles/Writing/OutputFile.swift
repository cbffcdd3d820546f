#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A file that is whole or absent.
///
/// Bytes go to a temporary file beside the target, and ``commit()`` puts it in the target's place
/// after the system has written it to the disk. An output that goes away before that is removed and
/// the target stays as it was. Standard output, pipes and devices take the bytes as they come.
///
/// ```swift
/// var output = try OutputFile(path: "out.jsonl")
/// try output.write(line.span)
/// try output.commit()
/// ```
public struct OutputFile: ~Copyable {
  private static let bufferSize = 1 << 17

  /// The path as it was given, or `<stdout>`: for messages.
  public let name: String

  /// The bytes written so far.
  public private(set) var writtenBytes = 0

  private let descriptor: Descriptor
  private let replacement: Replacement?
  private let interruption: Interruption?
  private var buffer: [UInt8] = []
  private var isFinished = false

  /// Begins an output.
  ///
  /// - Parameters:
  ///   - path: The target, or `-` for standard output. A symbolic link stays, and the file that it
  ///     names is replaced.
  ///   - interruption: What removes the temporary file when the program is interrupted.
  /// - Throws: `FileError.cannotWrite`.
  public init(path: String, interruption: Interruption? = nil) throws(FileError) {
    self.interruption = interruption
    if path == "-" {
      name = "<stdout>"
      descriptor = Descriptor(borrowing: Platform.standardOutput)
      replacement = nil
    } else if let special = Replacement.openSpecial(path) {
      name = path
      descriptor = special
      replacement = nil
    } else {
      name = path
      let replacement = Replacement(target: path)
      interruption?.add(replacement.temporary)
      do {
        descriptor = try replacement.create(reportedAs: path)
      } catch {
        interruption?.remove(replacement.temporary) {}
        throw error
      }
      self.replacement = replacement
    }
    buffer.reserveCapacity(Self.bufferSize)
  }

  deinit {
    guard let replacement, !isFinished else { return }
    if let interruption {
      interruption.remove(replacement.temporary) { replacement.discard() }
    } else {
      replacement.discard()
    }
  }

  /// Adds bytes.
  ///
  /// - Throws: `FileError.cannotWrite`, or `.outputClosed` when the reader of a pipe is gone.
  public mutating func write(_ bytes: Span<UInt8>) throws(FileError) {
    writtenBytes += bytes.count
    if buffer.count + bytes.count > Self.bufferSize { try flush() }
    if bytes.count >= Self.bufferSize {
      try descriptor.write(bytes, path: name)
    } else {
      for index in bytes.indices { buffer.append(bytes[index]) }
    }
  }

  /// Adds text.
  ///
  /// - Throws: as ``write(_:)-(Span<UInt8>)``.
  public mutating func write(_ text: String) throws(FileError) {
    try write(text.utf8.span)
  }

  /// Hands everything to the system.
  ///
  /// - Throws: as ``write(_:)-(Span<UInt8>)``.
  public mutating func flush() throws(FileError) {
    if buffer.isEmpty { return }
    try descriptor.write(buffer.span, path: name)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Finishes the output: only now the target appears.
  ///
  /// - Throws: `FileError.cannotWrite`, `.cannotReplace`, `.outputClosed`; the target is untouched.
  public consuming func commit() throws(FileError) {
    try flush()
    guard let replacement else {
      isFinished = true
      return
    }
    try descriptor.synchronize(path: name)
    let failure =
      if let interruption {
        interruption.remove(replacement.temporary) { replacement.commit() }
      } else {
        replacement.commit()
      }
    isFinished = true
    if let failure { throw .cannotReplace(path: name, reason: failure) }
  }
}
