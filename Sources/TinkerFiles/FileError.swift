/// What went wrong with a file, and where.
public enum FileError: Error, Sendable, Hashable {
  /// The file cannot be opened.
  case cannotOpen(path: String, reason: String)
  /// Reading failed.
  case cannotRead(path: String, reason: String)
  /// Creating or writing failed.
  case cannotWrite(path: String, reason: String)
  /// The finished temporary file cannot take the place of its target.
  case cannotReplace(path: String, reason: String)
  /// Whoever read the output has gone away. Nothing needs to be said about it.
  case outputClosed
  /// A line, counted from 1, is longer than the limit in bytes.
  case lineTooLong(path: String, line: Int, limit: Int)
  /// A file that must be held whole is longer than the limit in bytes.
  case fileTooLong(path: String, limit: Int)
  /// The bytes from that byte of that line on, both counted from 1, are not UTF-8.
  case invalidUTF8(path: String, line: Int, byte: Int)
  /// A packed file ends in the middle.
  case truncated(path: String, format: String)
  /// The bytes of a packed file are no longer those that were written.
  case corrupt(path: String, format: String, reason: String)
  /// The bytes cannot be packed.
  case cannotPack(path: String, format: String, reason: String)
}

extension FileError: CustomStringConvertible {
  /// The sentence for the user.
  public var description: String {
    switch self {
    case .cannotOpen(let path, let reason): "\(path): cannot be opened: \(reason)"
    case .cannotRead(let path, let reason): "\(path): cannot be read: \(reason)"
    case .cannotWrite(let path, let reason): "\(path): cannot be written: \(reason)"
    case .cannotReplace(let path, let reason):
      "\(path): the finished file cannot take its place: \(reason)"
    case .outputClosed: "The reader of the output has closed it"
    case .lineTooLong(let path, let line, let limit):
      "\(path):\(line): the line is longer than \(limit) bytes, which is the limit"
    case .fileTooLong(let path, let limit):
      "\(path): the file is longer than \(limit) bytes, which is the limit for one text"
    case .invalidUTF8(let path, let line, let byte):
      "\(path):\(line): byte \(byte) of the line is not UTF-8"
    case .truncated(let path, let format):
      "\(path): the file is cut off: its \(format) stream has no end"
    case .corrupt(let path, let format, let reason):
      "\(path): the file is damaged, or no \(format) stream: \(reason)"
    case .cannotPack(let path, let format, let reason):
      "\(path): cannot be packed as \(format): \(reason)"
    }
  }
}
