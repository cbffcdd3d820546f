import Testing
import TinkerFiles

@Suite struct WholeFileTests {
  @Test func readsWhatIsThere() throws {
    let scratch = try Scratch()
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
    let path = try scratch.write(bytes, to: "in")
    #expect(try WholeFile.bytes(path: path) == bytes)
    #expect(try WholeFile.text(path: try scratch.write([], to: "empty")).isEmpty)
  }

  @Test func refusesWhatIsLongerThanTheLimit() throws {
    let scratch = try Scratch()
    let path = try scratch.write([1, 2, 3], to: "in")
    #expect(throws: FileError.fileTooLong(path: path, limit: 2)) {
      try WholeFile.bytes(path: path, maximumLength: 2)
    }
  }

  @Test func namesLineAndByteOfInvalidText() throws {
    let scratch = try Scratch()
    let path = try scratch.write(Array("gut\nä".utf8) + [0xFF, 0x0A], to: "in")
    #expect(throws: FileError.invalidUTF8(path: path, line: 2, byte: 3)) {
      try WholeFile.text(path: path)
    }
  }
}
