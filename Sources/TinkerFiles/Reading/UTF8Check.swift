/// Turns bytes from outside into text, or says where they are not UTF-8.
public enum UTF8Check {
  /// The text of bytes.
  ///
  /// - Parameters:
  ///   - bytes: What should be UTF-8.
  ///   - path: The name of the file for the error.
  ///   - firstLine: The number of the line in which the bytes begin.
  /// - Returns: The text.
  /// - Throws: `FileError.invalidUTF8` with line and byte, both from 1.
  public static func text(
    _ bytes: Span<UInt8>, path: String, firstLine: Int
  ) throws(FileError) -> String {
    let offset: Int
    do {
      return String(copying: try UTF8Span(validating: bytes))
    } catch {
      offset = error.byteOffsets.lowerBound
    }
    var line = firstLine
    var lineStart = 0
    for index in 0..<min(offset, bytes.count) where bytes[index] == UInt8(ascii: "\n") {
      line += 1
      lineStart = index + 1
    }
    throw .invalidUTF8(path: path, line: line, byte: offset - lineStart + 1)
  }
}
