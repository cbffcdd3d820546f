/// How the bytes of a file are packed. A file's name says it, for reading and for writing.
public enum Compression: String, Sendable, Hashable, CaseIterable {
  /// Members of gzip (RFC 1952), one after the other.
  case gzip
  /// Frames of Zstandard (RFC 8878), one after the other.
  case zstandard

  /// What a name ends in.
  public var suffix: String {
    switch self {
    case .gzip: ".gz"
    case .zstandard: ".zst"
    }
  }

  /// The packing that a file's name says, or `nil` for plain bytes. Standard input and output have no
  /// name, so they are plain.
  public init?(path: String) {
    guard let found = Self.allCases.first(where: { path.utf8.endsIn($0.suffix) }) else {
      return nil
    }
    self = found
  }

  /// A path without what says its packing: `data.jsonl.gz` is `data.jsonl`.
  public static func plainName(of path: String) -> String {
    guard let found = Compression(path: path) else { return path }
    return String(decoding: path.utf8.dropLast(found.suffix.utf8.count), as: UTF8.self)
  }

  func makeUnpacker() -> (any Unpacker)? {
    switch self {
    case .gzip: InflateBuffer()
    case .zstandard: ZstandardUnpackBuffer()
    }
  }

  func makePacker() -> (any Packer)? {
    switch self {
    case .gzip: DeflateBuffer()
    case .zstandard: ZstandardPackBuffer()
    }
  }
}

extension String.UTF8View {
  fileprivate func endsIn(_ suffix: String) -> Bool {
    count > suffix.utf8.count && self.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
  }
}

/// Why packed bytes cannot be unpacked: the library's words.
struct PackingFault: Error {
  let reason: String
}

/// Unpacks a file piece by piece.
protocol Unpacker: AnyObject {
  /// Whether all bytes so far are whole members or frames, so that the file may end here.
  var isBetweenMembers: Bool { get }

  /// Unpacks some bytes.
  ///
  /// - Parameters:
  ///   - input: Packed bytes.
  ///   - part: The part of them that is still to be unpacked; what was taken is removed from it.
  ///   - output: Where the bytes go.
  ///   - start: Their first index.
  /// - Returns: The number of bytes unpacked. If they fill the output, more may be waiting.
  /// - Throws: `PackingFault`.
  func unpack(
    _ input: [UInt8], _ part: inout Range<Int>, into output: inout [UInt8], from start: Int
  ) throws(PackingFault) -> Int
}

/// Packs a file piece by piece.
protocol Packer: AnyObject {
  /// Packs bytes, and ends the file if they are its last.
  func pack(_ input: borrowing Span<UInt8>, isLast: Bool, to output: inout [UInt8])
    throws(PackingFault)
}
