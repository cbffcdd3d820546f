internal import TinkerFiles
internal import TinkerJSON

/// A log of one JSON value a line.
final class JSONLinesFile {
  private let lines: AppendedLines

  /// Opens a log to go on with it.
  init(path: String) throws(FileError) {
    lines = try AppendedLines(path: path)
  }

  /// Adds a value.
  func append(_ value: JSONValue, synchronizes: Bool = false) throws(FileError) {
    try lines.append(value.serialized(), synchronizes: synchronizes)
  }

  /// The values of a log; none if the file does not exist. A last line without an end is what a killed
  /// process left, and is passed over.
  static func values(path: String) throws -> [JSONValue] {
    guard Machine.exists(path) else { return [] }
    let bytes = try WholeFile.bytes(path: path)
    guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    return try bytes[..<end].split(separator: UInt8(ascii: "\n"))
      .map { try JSONValue.parse(Array($0)) }
  }
}
