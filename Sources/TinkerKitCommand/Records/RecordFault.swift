import TinkerFiles
import TinkerKit

/// A record that cannot be rendered, with its place.
struct RecordFault: Error {
  /// The sentence: file, line, column or field, what is wrong.
  let message: String

  init(_ error: RenderingError, file: String, line: Int, bytes: Span<UInt8>) {
    if let cure = Self.cure(of: bytes, file), line == 1 {
      message = "\(file): the file is compressed; \(cure)"
      return
    }
    var reader = JSONReader(bytes)
    do throws(JSONError) {
      try reader.skipValue()
      try reader.finish()
      message = "\(file):\(line): \(error)"
    } catch {
      // A fault in the grammar has a column.
      message = "\(file):\(line):\(error.column): \(error.message)"
    }
  }

  /// What to do about bytes that are packed where nothing says so, if they are.
  private static func cure(of bytes: Span<UInt8>, _ file: String) -> String? {
    guard bytes.count >= 4 else { return nil }
    return switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
    case (0x1F, 0x8B, _, _): "give it a name that ends in .gz, or: zcat \(file) | tinkerkit …"
    case (0x28, 0xB5, 0x2F, 0xFD):
      "give it a name that ends in .zst, or: zstdcat \(file) | tinkerkit …"
    case (0x42, 0x5A, 0x68, _): "decompress it first: bzcat \(file) | tinkerkit …"
    case (0xFD, 0x37, 0x7A, 0x58): "decompress it first: xzcat \(file) | tinkerkit …"
    default: nil
    }
  }
}
