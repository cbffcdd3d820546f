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

  /// The bytes written so far, before they are packed.
  public private(set) var writtenBytes = 0

  private let descriptor: Descriptor
  private let replacement: Replacement?
  private let interruption: Interruption?
  private let packing: Packing?
  private var packed: [UInt8] = []
  private var buffer: [UInt8] = []
  private var isFinished = false

  /// Begins an output.
  ///
  /// - Parameters:
  ///   - path: The target, or `-` for standard output. A symbolic link stays, and the file that it
  ///     names is replaced. A name that ends in `.gz` or `.zst` says how the bytes are packed.
  ///   - interruption: What removes the temporary file when the program is interrupted.
  /// - Throws: `FileError.cannotWrite`.
  public init(path: String, interruption: Interruption? = nil) throws(FileError) {
    let packing = try Packing.of(path)
    let opened = try Target.open(path, interruption)
    name = path == "-" ? "<stdout>" : path
    self.interruption = interruption
    self.packing = packing
    replacement = opened.replacement
    descriptor = opened.descriptor
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
      try send(bytes, isLast: false)
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

  /// Hands everything to the system, of a packed file as much as makes whole blocks.
  ///
  /// - Throws: as ``write(_:)-(Span<UInt8>)``.
  public mutating func flush() throws(FileError) {
    if buffer.isEmpty { return }
    try sendBuffer(isLast: false)
  }

  private mutating func sendBuffer(isLast: Bool) throws(FileError) {
    var full: [UInt8] = []
    swap(&full, &buffer)
    try send(full.span, isLast: isLast)
    full.removeAll(keepingCapacity: true)
    buffer = full
  }

  /// Packs the bytes if the name says so, and hands them to the system.
  private mutating func send(_ bytes: Span<UInt8>, isLast: Bool) throws(FileError) {
    guard let packing else { return try descriptor.write(bytes, path: name) }
    do throws(PackingFault) {
      try packing.packer.pack(bytes, isLast: isLast, to: &packed)
    } catch {
      throw .cannotPack(
        path: name, format: packing.compression.rawValue, reason: error.reason)
    }
    try descriptor.write(packed.span, path: name)
    packed.removeAll(keepingCapacity: true)
  }

  /// Finishes the output: only now the target appears.
  ///
  /// - Throws: `FileError.cannotWrite`, `.cannotReplace`, `.outputClosed`; the target is untouched.
  public consuming func commit() throws(FileError) {
    if packing == nil { try flush() } else { try sendBuffer(isLast: true) }
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

/// How the bytes of an output are packed.
private struct Packing {
  let compression: Compression
  let packer: any Packer

  /// What the name of an output asks for, or `nil`.
  static func of(_ path: String) throws(FileError) -> Packing? {
    guard path != "-", let compression = Compression(path: path) else { return nil }
    guard let packer = compression.makePacker() else {
      throw .cannotPack(path: path, format: compression.rawValue, reason: "there is no memory")
    }
    return Packing(compression: compression, packer: packer)
  }
}

/// Where the bytes of an output go.
private struct Target: ~Copyable {
  let descriptor: Descriptor
  /// `nil` for what takes the bytes as they come.
  let replacement: Replacement?

  static func open(_ path: String, _ interruption: Interruption?) throws(FileError) -> Target {
    if path == "-" {
      return Target(descriptor: Descriptor(borrowing: Platform.standardOutput), replacement: nil)
    }
    if let special = Replacement.openSpecial(path) {
      return Target(descriptor: special, replacement: nil)
    }
    let replacement = Replacement(target: path)
    interruption?.add(replacement.temporary)
    do throws(FileError) {
      return Target(descriptor: try replacement.create(reportedAs: path), replacement: replacement)
    } catch {
      interruption?.remove(replacement.temporary) {}
      throw error
    }
  }
}
