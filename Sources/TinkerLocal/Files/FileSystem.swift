#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The few calls to the system that models and checkpoints need.
package enum FileSystem {
  /// The bytes of a file.
  package static func read(_ path: String) throws(LocalError) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, "cannot be opened") }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_size >= 0 else {
      throw failure(path, "has no size")
    }
    var done = 0
    var failed = false
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
      while done < buffer.count, let base = buffer.baseAddress {
        let got = unsafe Self.read(descriptor, base + done, buffer.count - done)
        if got < 0 && errno == EINTR { continue }
        failed = got < 0
        if got <= 0 { break }
        done += got
      }
      count = done
    }
    if failed { throw failure(path, "cannot be read") }
    return bytes
  }

  private static func read(
    _ descriptor: Int32, _ target: UnsafeMutablePointer<UInt8>, _ count: Int
  ) -> Int {
    #if canImport(Glibc)
      unsafe Glibc.read(descriptor, target, count)
    #elseif canImport(Musl)
      unsafe Musl.read(descriptor, target, count)
    #else
      unsafe Darwin.read(descriptor, target, count)
    #endif
  }

  /// Writes a new file and forces it to the disk.
  package static func write(_ bytes: [UInt8], to path: String) throws(LocalError) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(path, "cannot be created") }
    defer { close(descriptor) }
    var done = 0
    var failed = false
    unsafe bytes.withUnsafeBytes { buffer in
      while done < buffer.count, let base = buffer.baseAddress {
        let put = unsafe Self.write(descriptor, base + done, buffer.count - done)
        if put < 0 && errno == EINTR { continue }
        if put <= 0 {
          failed = true
          return
        }
        done += put
      }
    }
    guard !failed, fsync(descriptor) == 0 else { throw failure(path, "cannot be written") }
  }

  private static func write(_ descriptor: Int32, _ source: UnsafeRawPointer, _ count: Int) -> Int {
    #if canImport(Glibc)
      unsafe Glibc.write(descriptor, source, count)
    #elseif canImport(Musl)
      unsafe Musl.write(descriptor, source, count)
    #else
      unsafe Darwin.write(descriptor, source, count)
    #endif
  }

  /// Whether there is a file or folder.
  package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// Makes a folder and those above it.
  package static func makeFolder(_ path: String) throws(LocalError) {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
      if unsafe mkdir(made, 0o755) != 0 && errno != EEXIST {
        throw failure(made, "cannot be made")
      }
    }
  }

  /// The names in a folder, sorted; none if it does not exist.
  package static func names(in path: String) -> [String] {
    guard let folder = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The bytes of all files in a folder, and when it was last changed, in seconds since 1970.
  package static func facts(_ path: String) -> (bytes: Int, modified: Int) {
    var bytes = 0
    for name in names(in: path) {
      var status = stat()
      if unsafe stat(path + "/" + name, &status) == 0 { bytes += Int(status.st_size) }
    }
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return (bytes, 0) }
    #if canImport(Darwin)
      return (bytes, status.st_mtimespec.tv_sec)
    #else
      return (bytes, status.st_mtim.tv_sec)
    #endif
  }

  /// A time in seconds since 1970 as RFC 3339 in UTC.
  package static func timestamp(_ seconds: Int) -> String {
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let second = seconds % 86400
    // Years that begin in March make the leap day the last of a year; 400 of them are 146,097 days.
    let days = seconds / 86400 + 719_468
    let era = days / 146_097
    let day = days % 146_097
    let year = (day - day / 1460 + day / 36524 - day / 146_096) / 365
    let ofYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * ofYear + 2) / 153
    let ofMonth = ofYear - (153 * month + 2) / 5 + 1
    let calendarMonth = month < 10 ? month + 3 : month - 9
    let calendarYear = year + era * 400 + (calendarMonth <= 2 ? 1 : 0)
    return "\(calendarYear)-\(two(calendarMonth))-\(two(ofMonth))T"
      + "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
  }

  /// Removes a folder of files, or a file. What is not there is removed already.
  package static func remove(_ path: String) {
    for name in names(in: path) { remove(path + "/" + name) }
    if unsafe rmdir(path) != 0 { unsafe unlink(path) }
  }

  /// Gives a folder its final name and forces the name to the disk.
  package static func rename(_ from: String, to path: String) throws(LocalError) {
    #if canImport(Glibc)
      let status = unsafe Glibc.rename(from, path)
    #elseif canImport(Musl)
      let status = unsafe Musl.rename(from, path)
    #else
      let status = unsafe Darwin.rename(from, path)
    #endif
    guard status == 0 else { throw failure(path, "cannot take its name") }
    let parent = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
    let descriptor = unsafe open(parent.isEmpty ? "." : parent, O_RDONLY | O_CLOEXEC)
    if descriptor >= 0 {
      fsync(descriptor)
      close(descriptor)
    }
  }

  private static func failure(_ path: String, _ what: String) -> LocalError {
    .file(path: path, problem: "\(what) (\(unsafe String(cString: strerror(errno))))")
  }
}
