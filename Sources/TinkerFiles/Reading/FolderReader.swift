#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Reads files below one folder and nowhere else, whatever paths a data set names.
public struct FolderReader: Sendable {
  /// The folder, without symbolic links.
  private let root: String

  /// A reader of files below a folder.
  ///
  /// - Throws: `FileError.cannotOpen` for what is no folder.
  public init(root path: String) throws(FileError) {
    guard let root = Self.resolved(path) else {
      throw .cannotOpen(path: path, reason: Platform.lastErrorText)
    }
    guard Machine.isFolder(root) else {
      throw .cannotOpen(path: path, reason: "it is not a folder")
    }
    self.root = root
  }

  /// The bytes of a file.
  ///
  /// - Parameters:
  ///   - path: Relative to the folder. Symbolic links are followed if they end below it.
  ///   - maximumLength: The longest file in bytes.
  /// - Returns: All bytes.
  /// - Throws: `FileError.cannotOpen` for absolute paths and files elsewhere, and as `WholeFile`.
  public func bytes(
    of path: String, maximumLength: Int = WholeFile.defaultMaximumLength
  ) throws(FileError) -> [UInt8] {
    guard !path.hasPrefix("/"), !path.utf8.contains(0) else {
      throw .cannotOpen(path: path, reason: "only paths relative to the folder are read")
    }
    guard let resolved = Self.resolved("\(root)/\(path)") else {
      throw .cannotOpen(path: path, reason: Platform.lastErrorText)
    }
    guard resolved.utf8.starts(with: root == "/" ? "/".utf8 : "\(root)/".utf8) else {
      throw .cannotOpen(path: path, reason: "it does not lie below the folder")
    }
    guard Machine.fileSize(resolved) != nil else {
      throw .cannotOpen(path: path, reason: "it is not a regular file")
    }
    return try WholeFile.bytes(path: resolved, maximumLength: maximumLength)
  }

  /// The path without symbolic links and steps upwards, or `nil` if nothing is there.
  private static func resolved(_ path: String) -> String? {
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }
}
