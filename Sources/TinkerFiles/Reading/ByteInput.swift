/// The bytes of a file, unpacked if its name says that they are packed.
struct ByteInput: ~Copyable {
  private static let packedCapacity = 1 << 16

  /// The path as it was given, or `<stdin>`: for messages.
  let name: String
  /// The bytes read from the file, packed ones as they are.
  private(set) var readBytes = 0

  private let descriptor: Descriptor
  private let compression: Compression?
  private let unpacker: (any Unpacker)?
  private var packed: [UInt8]
  private var unread = 0..<0
  /// Whether the unpacker may hold bytes for which there was no room.
  private var mayHoldMore = false
  private var isAtEnd = false

  /// Opens a file, or standard input for `-`.
  init(path: String) throws(FileError) {
    let compression = path == "-" ? nil : Compression(path: path)
    let unpacker = compression?.makeUnpacker()
    if compression != nil, unpacker == nil {
      throw .cannotRead(path: path, reason: "there is no memory to unpack it")
    }
    descriptor =
      path == "-" ? Descriptor(borrowing: Platform.standardInput) : try Descriptor.reading(path)
    name = path == "-" ? "<stdin>" : path
    self.compression = compression
    self.unpacker = unpacker
    packed = [UInt8](repeating: 0, count: compression == nil ? 0 : Self.packedCapacity)
  }

  /// Whether a read would return at once.
  var isReady: Bool { !unread.isEmpty || mayHoldMore || isAtEnd || descriptor.isReady }

  /// Reads into `buffer` from index `start` on.
  ///
  /// - Returns: The number of bytes read; 0 at the end of the file.
  mutating func read(into buffer: inout [UInt8], from start: Int) throws(FileError) -> Int {
    guard let unpacker, let compression else {
      let count = try descriptor.read(into: &buffer, from: start, path: name)
      readBytes += count
      return count
    }
    guard buffer.indices.contains(start) else { return 0 }
    while true {
      if !unread.isEmpty || mayHoldMore {
        let count: Int
        do throws(PackingFault) {
          count = try unpacker.unpack(packed, &unread, into: &buffer, from: start)
        } catch {
          throw .corrupt(path: name, format: compression.rawValue, reason: error.reason)
        }
        mayHoldMore = start + count == buffer.count
        if count > 0 { return count }
        if !unread.isEmpty { continue }
      }
      if isAtEnd {
        if unpacker.isBetweenMembers { return 0 }
        throw .truncated(path: name, format: compression.rawValue)
      }
      let count = try descriptor.read(into: &packed, from: 0, path: name)
      readBytes += count
      unread = 0..<count
      isAtEnd = count == 0
    }
  }
}
