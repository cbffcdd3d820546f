import Testing
import TinkerFiles

@Suite struct SHA256Tests {
  /// The examples of FIPS 180-4, and the empty message.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func matchesTheStandard(text: String, expected: String) {
    var digest = SHA256()
    digest.update(text.utf8.span)
    #expect(digest.finish() == expected)
  }

  @Test func doesNotDependOnThePieces() throws {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let scratch = try Scratch()
    let whole = try SHA256.digest(ofFile: try scratch.write(bytes, to: "in"))
    for size in [1, 63, 64, 65, 200] {
      var digest = SHA256()
      for start in stride(from: 0, to: bytes.count, by: size) {
        digest.update(bytes.span.extracting(start..<min(start + size, bytes.count)))
      }
      #expect(digest.finish() == whole)
    }
  }
}
