import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A file that is downloaded beside its place and renamed at the end, so that it is whole or absent. What
/// was downloaded before is kept for the next try.
final class DownloadFile: Sendable {
  /// The file while it is not whole.
  let partial: String
  private let path: String
  private let descriptor: Int32
  private let received: Mutex<Int>

  /// Opens a file to go on with; only one process may.
  init(path: String) throws(ClientError) {
    self.path = path
    partial = path + ".incomplete"
    descriptor = unsafe open(partial, O_CREAT | O_WRONLY | O_APPEND, 0o644)
    guard descriptor >= 0 else { throw .file("\(partial) cannot be written (error \(errno))") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw .file("\(partial) is being written by another process")
    }
    received = Mutex(max(0, Int(lseek(descriptor, 0, SEEK_END))))
  }

  deinit { close(descriptor) }

  /// The bytes that are there.
  var byteCount: Int { received.withLock { $0 } }

  /// Begins anew.
  func truncate() throws(ClientError) {
    guard ftruncate(descriptor, 0) == 0 else { throw .file("\(partial) cannot be emptied") }
    received.withLock { $0 = 0 }
  }

  /// Adds bytes.
  func append(_ bytes: [UInt8]) throws(ClientError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      // The count is the slice's own.
      let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw .file("\(partial) cannot be written (error \(errno))")
      }
      rest = rest.dropFirst(count)
      received.withLock { $0 += count }
    }
  }

  /// Puts the whole file in its place.
  func finish() throws(ClientError) {
    guard fsync(descriptor) == 0, unsafe rename(partial, path) == 0 else {
      throw .file("\(path) cannot be put in place (error \(errno))")
    }
  }
}

/// Folders and names of files.
enum Files {
  /// Creates a folder and those above it.
  static func createFolder(_ path: String) throws(ClientError) {
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      made += "/" + part
      guard unsafe mkdir(made, 0o755) == 0 || errno == EEXIST else {
        throw .file("\(made) cannot be created (error \(errno))")
      }
    }
  }

  /// Whether a file can be read.
  static func exists(_ path: String) -> Bool { unsafe access(path, R_OK) == 0 }

  /// A relative path that stays inside its folder.
  ///
  /// - Throws: ``ClientError/file(_:)`` for absolute paths, `..`, empty parts and control characters.
  static func checkRelative(_ path: String) throws(ClientError) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let isPlain = path.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }
    guard isPlain, !parts.isEmpty,
      parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." })
    else { throw .file("the file name “\(path.prefix(200))” would lead out of its folder") }
  }

  /// The text of a small file, or `nil`.
  static func text(_ path: String) -> String? {
    guard let file = unsafe fopen(path, "rb") else { return nil }
    defer { unsafe fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 65536)
    // The buffer is as long as the count that is passed with it.
    let count = unsafe fread(&buffer, 1, buffer.count, file)
    return String(validating: buffer[..<count], as: UTF8.self)
  }
}
