import Testing
import TinkerFiles

@Suite struct LineReaderTests {
  /// All lines of a file with these bytes.
  private func lines(
    of bytes: [UInt8], maximumLength: Int = LineReader.defaultMaximumLength
  ) throws -> [[UInt8]] {
    let scratch = try Scratch()
    var reader = try LineReader(
      path: try scratch.write(bytes, to: "in"), maximumLength: maximumLength)
    var lines: [[UInt8]] = []
    while try reader.next() {
      lines.append(reader.line.indices.map { reader.line[$0] })
      #expect(reader.lineNumber == lines.count)
    }
    #expect(reader.consumedBytes == bytes.count)
    #expect(try !reader.next(), "the end stays the end")
    return lines
  }

  @Test(arguments: [
    ("", []), ("\n", [""]), ("a", ["a"]), ("a\n", ["a"]), ("a\nb", ["a", "b"]),
    ("\n\na\n\n", ["", "", "a", ""]), ("a\r\nb\r\n", ["a", "b"]), ("a\rb\n", ["a\rb"]),
    ("a\r", ["a\r"]), ("\r\n", [""]), ("\u{0}\n\u{85}\u{2028}", ["\u{0}", "\u{85}\u{2028}"]),
  ])
  func splitsAtLineFeeds(text: String, expected: [String]) throws {
    #expect(try lines(of: Array(text.utf8)) == expected.map { Array($0.utf8) })
  }

  @Test func handsOutInvalidBytesAsTheyAre() throws {
    #expect(try lines(of: [0xFF, 0x0A, 0xC3]) == [[0xFF], [0xC3]])
  }

  @Test func keepsLinesThatAreLongerThanTheBuffer() throws {
    var expected: [[UInt8]] = []
    for length in [1, 65_535, 65_536, 65_537, 0, 300_000, 7] {
      expected.append((0..<length).map { UInt8(truncatingIfNeeded: $0 % 251) &+ 11 })
    }
    let text = Array(expected.joined(separator: [0x0A]))
    #expect(try lines(of: text) == expected)
  }

  @Test(arguments: [10, 100_000])
  func refusesALineAboveTheLimit(limit: Int) throws {
    let whole = [UInt8](repeating: 0x61, count: limit)
    #expect(try lines(of: whole + [0x0D, 0x0A] + whole, maximumLength: limit) == [whole, whole])
    for end in [
      [0x61], [0x61, 0x0A], [0x61, 0x0D, 0x0A], [0x61, 0x61, 0x61], [0x61, 0x61, 0x0A, 0x62],
    ] as [[UInt8]] {
      let scratch = try Scratch()
      let path = try scratch.write([0x0A] + whole + end, to: "in")
      var reader = try LineReader(path: path, maximumLength: limit)
      #expect(try reader.next())
      do {
        _ = try reader.next()
        Issue.record("a line of \(limit) + \(end.count) bytes was read")
      } catch {
        #expect(error == .lineTooLong(path: path, line: 2, limit: limit))
      }
      let isThird = end.contains(0x0A) && end.last != 0x0A
      #expect(try reader.next() == isThird, "the long line is passed over")
    }
  }

  @Test func namesTheFileThatItCannotOpen() {
    do {
      _ = try LineReader(path: "/nowhere/at/all.jsonl")
      Issue.record("opened")
    } catch {
      #expect(
        error.description == "/nowhere/at/all.jsonl: cannot be opened: No such file or directory")
    }
  }

  @Test func namesTheDirectoryThatItCannotRead() throws {
    let scratch = try Scratch()
    var reader = try LineReader(path: scratch.path)
    do {
      _ = try reader.next()
      Issue.record("read")
    } catch {
      #expect(error.description == "\(scratch.path): cannot be read: Is a directory")
    }
  }
}
