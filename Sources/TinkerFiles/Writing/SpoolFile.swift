#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Bytes that wait on the disk for their place in an output, in constant memory.
///
/// The file has no name from the beginning on, so nothing is left of it however the program ends.
public struct SpoolFile: ~Copyable {
  private static let bufferSize = 1 << 17

  /// The bytes so far.
  public private(set) var byteCount = 0

  private let path: String
  private let descriptor: Descriptor
  private var buffer: [UInt8] = []

  /// An empty file on the disk of an output.
  ///
  /// - Parameter path: The output.
  /// - Throws: `FileError.cannotWrite`.
  public init(beside path: String) throws(FileError) {
    let temporary = Replacement(target: path).temporary
    let number = unsafe open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if number < 0 { throw .cannotWrite(path: path, reason: Platform.lastErrorText) }
    unsafe unlink(temporary)
    descriptor = Descriptor(owning: number)
    self.path = path
    buffer.reserveCapacity(Self.bufferSize)
  }

  /// Adds bytes.
  ///
  /// - Throws: `FileError.cannotWrite`.
  public mutating func append(_ bytes: Span<UInt8>) throws(FileError) {
    byteCount += bytes.count
    if buffer.count + bytes.count > Self.bufferSize { try flush() }
    if bytes.count >= Self.bufferSize {
      try descriptor.write(bytes, path: path)
    } else {
      for index in bytes.indices { buffer.append(bytes[index]) }
    }
  }

  private mutating func flush() throws(FileError) {
    if buffer.isEmpty { return }
    try descriptor.write(buffer.span, path: path)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Writes all bytes to an output.
  ///
  /// - Throws: `FileError.cannotRead`, `.cannotWrite`.
  public consuming func move(to output: inout OutputFile) throws(FileError) {
    try flush()
    if lseek(descriptor.number, 0, SEEK_SET) != 0 {
      throw .cannotRead(path: path, reason: Platform.lastErrorText)
    }
    var block = [UInt8](repeating: 0, count: Self.bufferSize)
    while true {
      let count = try descriptor.read(into: &block, from: 0, path: path)
      if count == 0 { return }
      try output.write(block.span.extracting(0..<count))
    }
  }
}
