import Foundation
import Testing
import TinkerFiles

/// Files that are packed and unpacked by their names.
@Suite struct CompressionTests {
  /// Lines of every length, a long one among them, so that buffers end everywhere.
  private static let lines =
    (0..<4_000).map { "line \($0) " + String($0 * $0) }
    + [String(repeating: "x", count: 400_000), "last"]

  private func lines(of path: String) throws -> [String] {
    var reader = try LineReader(path: path)
    var out: [String] = []
    while try reader.next() {
      out.append(String(decoding: reader.line.indices.map { reader.line[$0] }, as: UTF8.self))
    }
    return out
  }

  private func write(_ lines: [String], to path: String) throws {
    var output = try OutputFile(path: path)
    for line in lines { try output.write(line + "\n") }
    try output.commit()
  }

  @Test(arguments: ["plain.jsonl", "packed.jsonl.gz", "packed.jsonl.zst"])
  func whatIsWrittenIsRead(name: String) throws {
    let folder = try Scratch()
    let path = folder.path(name)
    try write(Self.lines, to: path)
    #expect(try lines(of: path) == Self.lines)
    let whole = try WholeFile.text(path: path)
    #expect(whole == Self.lines.joined(separator: "\n") + "\n")
    if Compression(path: name) != nil {
      #expect(try folder.read(name).count < whole.utf8.count / 2)
    }
    // The same again gives the same file.
    let first = try folder.read(name)
    try write(Self.lines, to: path)
    #expect(try folder.read(name) == first)
  }

  @Test(arguments: Compression.allCases)
  func nothingIsAFileToo(compression: Compression) throws {
    let folder = try Scratch()
    let path = folder.path("none" + compression.suffix)
    try write([], to: path)
    #expect(try lines(of: path) == [])
    #expect(try folder.read("none" + compression.suffix).count > 4)
  }

  /// Parts written one after the other are one file, as `cat a.gz b.gz` makes it.
  @Test(arguments: Compression.allCases)
  func membersFollowEachOther(compression: Compression) throws {
    let folder = try Scratch()
    let parts = [Array(Self.lines[..<1_000]), [], Array(Self.lines[1_000...])]
    var joined: [UInt8] = []
    for (index, part) in parts.enumerated() {
      let name = "part\(index)" + compression.suffix
      try write(part, to: folder.path(name))
      joined += try folder.read(name)
    }
    let path = try folder.write(joined, to: "joined" + compression.suffix)
    #expect(try lines(of: path) == Self.lines)
    if compression == .gzip {
      let padded = try folder.write(joined + [0, 0, 0], to: "padded.gz")
      #expect(try lines(of: padded) == Self.lines)
    }
  }

  /// Wherever a packed file is cut, its end is an error and never a shorter file.
  @Test(arguments: Compression.allCases)
  func aCutFileIsAnError(compression: Compression) throws {
    let folder = try Scratch()
    let name = "whole" + compression.suffix
    try write(Array(Self.lines[..<200]), to: folder.path(name))
    let bytes = try folder.read(name)
    let cut = "cut" + compression.suffix
    for count in Array(stride(from: 0, to: bytes.count, by: 7)) + [bytes.count - 1] {
      let path = try folder.write(Array(bytes[..<count]), to: cut)
      #expect(throws: FileError.truncated(path: path, format: compression.rawValue)) {
        _ = try lines(of: path)
      }
      // Behind a whole member, too.
      let second = try folder.write(bytes + bytes[..<count], to: "second" + compression.suffix)
      if count > 0 {
        #expect(throws: FileError.truncated(path: second, format: compression.rawValue)) {
          _ = try lines(of: second)
        }
      }
    }
  }

  /// A changed byte is an error, or, where it stands in a header that says nothing, no difference.
  @Test(arguments: Compression.allCases)
  func aDamagedFileIsAnError(compression: Compression) throws {
    let folder = try Scratch()
    let name = "whole" + compression.suffix
    let expected = Array(Self.lines[..<200])
    try write(expected, to: folder.path(name))
    let bytes = try folder.read(name)
    var errors = 0
    var silent: [Int] = []
    for position in stride(from: 0, to: bytes.count, by: 3) {
      var damaged = bytes
      damaged[position] ^= 0x55
      let path = try folder.write(damaged, to: "damaged" + compression.suffix)
      do {
        if try lines(of: path) != expected { silent.append(position) }
      } catch is FileError {
        errors += 1
      }
    }
    #expect(silent == [])
    #expect(errors > bytes.count / 4)
  }

  @Test func otherBytesAreNoStream() throws {
    let folder = try Scratch()
    for compression in Compression.allCases {
      let path = try folder.write(Array("{}\n{}\n".utf8), to: "plain" + compression.suffix)
      let error = #expect(throws: FileError.self) { _ = try lines(of: path) }
      #expect(error?.description.contains("no \(compression.rawValue) stream") == true)
    }
    // Rubbish behind a whole member is not passed over.
    try write(["a"], to: folder.path("a.gz"))
    let path = try folder.write(try folder.read("a.gz") + Array("rubbish".utf8), to: "b.gz")
    #expect(throws: FileError.self) { _ = try lines(of: path) }
  }

  @Test func namesSayIt() {
    #expect(Compression(path: "a.jsonl.gz") == .gzip)
    #expect(Compression(path: "b.zst") == .zstandard)
    #expect(Compression(path: ".gz") == nil)
    #expect(Compression(path: "a.gz.jsonl") == nil)
    #expect(Compression.plainName(of: "a.npy.zst") == "a.npy")
    #expect(Compression.plainName(of: "a.npy") == "a.npy")
  }
}
