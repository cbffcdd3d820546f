#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reads whole files without Foundation.
package enum FileBytes {
  /// Larger files are refused; the largest tokenizer known has 33 MB.
  static let sizeLimit = 1 << 30

  /// Whether the path names a folder.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether something stands at the path.
  package static func exists(_ path: String) -> Bool {
    unsafe access(path, F_OK) == 0
  }

  /// The content of a file.
  package static func read(_ path: String) throws(TokenizerError) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { _ = close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw failure(path) }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw .unreadableFile(path: path, reason: "it is a folder")
    }
    let size = Int(status.st_size)
    guard size <= sizeLimit else {
      throw .tooLarge(field: "the size of \(path)", count: size, limit: sizeLimit)
    }
    var failed = false
    // One byte more than the size, so that a file that grew is noticed.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
      while count < size + 1 {
        // The rest of the buffer has `size + 1 - count` bytes.
        let got = unsafe Self.read(descriptor, buffer, count, size + 1 - count)
        if got < 0 { failed = true }
        if got <= 0 { return }
        count += got
      }
    }
    if failed { throw failure(path) }
    guard bytes.count <= size else {
      throw .unreadableFile(path: path, reason: "it grew while it was read")
    }
    return bytes
  }

  private static func read(
    _ descriptor: Int32, _ buffer: UnsafeMutableBufferPointer<UInt8>, _ offset: Int, _ count: Int
  ) -> Int {
    guard let base = buffer.baseAddress else { return 0 }
    #if canImport(Glibc)
      return unsafe Glibc.read(descriptor, base + offset, count)
    #elseif canImport(Musl)
      return unsafe Musl.read(descriptor, base + offset, count)
    #else
      return unsafe Darwin.read(descriptor, base + offset, count)
    #endif
  }

  private static func failure(_ path: String) -> TokenizerError {
    .unreadableFile(path: path, reason: unsafe String(cString: strerror(errno)))
  }
}
