/// Files that are read in one piece.
public enum WholeFile {
  /// The longest file that is read whole if the caller does not say otherwise: 1 GiB.
  public static let defaultMaximumLength = 1 << 30

  /// The bytes of a file.
  ///
  /// - Parameters:
  ///   - path: The file, or `-` for standard input. A name that ends in `.gz` or `.zst` says that the
  ///     bytes are packed; see ``Compression``.
  ///   - maximumLength: The longest file in bytes, unpacked.
  /// - Returns: All bytes, unpacked.
  /// - Throws: `FileError.cannotOpen`, `.cannotRead`, `.fileTooLong`, and `.truncated` or `.corrupt`
  ///   for packed files.
  public static func bytes(
    path: String, maximumLength: Int = defaultMaximumLength
  ) throws(FileError) -> [UInt8] {
    var input = try ByteInput(path: path)
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    var count = 0
    while true {
      if count == bytes.count { bytes = bytes.copied(0..<count, capacity: 2 * count) }
      let added = try input.read(into: &bytes, from: count)
      if added == 0 { break }
      count += added
      if count > maximumLength { throw .fileTooLong(path: input.name, limit: maximumLength) }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  /// The text of a file, which must be UTF-8.
  ///
  /// - Parameters:
  ///   - path: The file, or `-` for standard input.
  ///   - maximumLength: The longest file in bytes.
  /// - Returns: The text.
  /// - Throws: as ``bytes(path:maximumLength:)``, and `FileError.invalidUTF8` with the place.
  public static func text(
    path: String, maximumLength: Int = defaultMaximumLength
  ) throws(FileError) -> String {
    let bytes = try bytes(path: path, maximumLength: maximumLength)
    return try UTF8Check.text(bytes.span, path: path == "-" ? "<stdin>" : path, firstLine: 1)
  }
}
