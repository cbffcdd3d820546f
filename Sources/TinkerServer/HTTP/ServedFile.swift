import TinkerLocal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that is read in pieces while it is sent.
struct ServedFile: ~Copyable {
  private let path: String
  private let descriptor: Int32

  /// - Throws: `LocalError.file` if it cannot be opened.
  init(path: String) throws(LocalError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .file(path: path, problem: "cannot be opened (error \(errno))")
    }
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Some bytes, at least one.
  ///
  /// - Throws: `LocalError.file` if there are none.
  func read(at offset: Int, count: Int) throws(LocalError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    // The count is the buffer's own.
    let got = unsafe bytes.withUnsafeMutableBytes {
      unsafe pread(descriptor, $0.baseAddress, $0.count, off_t(offset))
    }
    guard got > 0 else { throw .file(path: path, problem: "ends before its end (error \(errno))") }
    bytes.removeLast(count - got)
    return bytes
  }
}
