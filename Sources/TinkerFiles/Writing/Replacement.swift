#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A temporary file and the target whose place it takes.
struct Replacement: Sendable {
  let target: String
  let temporary: String
  private let mode: mode_t?

  /// Names a temporary file beside the target, so that both are on one file system.
  init(target: String) {
    let resolved = Self.resolved(target)
    self.target = resolved
    mode = Self.status(resolved).map { $0.st_mode & 0o7777 }
    let slash = resolved.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { String(resolved[...$0]) } ?? ""
    let base = slash.map { String(resolved[resolved.index(after: $0)...]) } ?? resolved
    var random = SystemRandomNumberGenerator()
    let suffix = String(random.next(), radix: 36)
    // Names have 255 bytes on most file systems; the end of a long one is given up.
    temporary = "\(folder).\(base.prefix(50)).\(suffix).partial"
  }

  /// Opens a target that cannot be replaced, such as a pipe or a device; `nil` for all others.
  static func openSpecial(_ path: String) -> Descriptor? {
    guard let status = status(path) else { return nil }
    let kind = status.st_mode & S_IFMT
    guard kind != S_IFREG, kind != S_IFDIR else { return nil }
    let number = unsafe open(path, O_WRONLY | O_CLOEXEC)
    return number < 0 ? nil : Descriptor(owning: number)
  }

  /// Makes the temporary file, with the permissions of the file that it will replace.
  func create(reportedAs path: String) throws(FileError) -> Descriptor {
    if let status = Self.status(target), status.st_mode & S_IFMT == S_IFDIR {
      throw .cannotWrite(path: path, reason: "it is a directory")
    }
    let number = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if number < 0 { throw .cannotWrite(path: path, reason: Platform.lastErrorText) }
    if let mode { fchmod(number, mode) }
    return Descriptor(owning: number)
  }

  /// Puts the temporary file in the target's place.
  ///
  /// - Returns: Why it failed, or `nil`.
  func commit() -> String? {
    if unsafe rename(temporary, target) != 0 {
      let reason = Platform.lastErrorText
      unsafe unlink(temporary)
      return reason
    }
    synchronizeFolder()
    return nil
  }

  /// Removes the temporary file.
  func discard() {
    unsafe unlink(temporary)
  }

  /// Makes the new name itself survive a power cut; best effort, as some file systems refuse.
  private func synchronizeFolder() {
    let slash = target.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { String(target[...$0]) } ?? "."
    let number = unsafe open(folder, O_RDONLY | O_CLOEXEC)
    if number < 0 { return }
    fsync(number)
    close(number)
  }

  private static func status(_ path: String) -> stat? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status : nil
  }

  /// The file behind symbolic links, or the path itself where there is none.
  private static func resolved(_ path: String) -> String {
    guard let real = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }
}
