#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// An open file of the system, closed when it goes away unless it was only borrowed.
struct Descriptor: ~Copyable {
  let number: Int32
  private let isOwned: Bool

  /// Takes over a descriptor and closes it in the end.
  init(owning number: Int32) {
    self.number = number
    isOwned = true
  }

  /// Uses a descriptor that stays open, such as standard input.
  init(borrowing number: Int32) {
    self.number = number
    isOwned = false
  }

  deinit {
    if isOwned { _ = close(number) }
  }

  /// Opens a file for reading.
  static func reading(_ path: String) throws(FileError) -> Descriptor {
    let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
    if number < 0 { throw .cannotOpen(path: path, reason: Platform.lastErrorText) }
    return Descriptor(owning: number)
  }

  /// Whether a read would return at once: bytes, the end, or an error are waiting.
  var isReady: Bool {
    var request = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&request, 1, 0) != 0
  }

  /// Waits until the bytes are on the disk. Pipes and devices, which cannot, are left alone.
  func synchronize(path: String) throws(FileError) {
    if fsync(number) != 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS {
      throw .cannotWrite(path: path, reason: Platform.lastErrorText)
    }
  }
}
