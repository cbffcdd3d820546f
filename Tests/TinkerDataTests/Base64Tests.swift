import TinkerData
import Testing

@Suite struct Base64Tests {
  /// The vectors of RFC 4648, section 10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
  ])
  func vectors(plain: String, encoded: String) {
    #expect(Base64.encode(Array(plain.utf8)) == encoded)
    #expect(Base64.decode(encoded) == Array(plain.utf8))
  }

  @Test func everyByteReturns() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    for count in 900...1000 {
      #expect(
        Base64.decode(Base64.encode(Array(bytes.prefix(count)))) == Array(bytes.prefix(count)))
    }
  }

  @Test func spaceAndMissingPaddingPass() {
    #expect(Base64.decode(" Zm9v\nYg ") == Array("foob".utf8))
  }

  @Test(arguments: ["Z", "Zg=x", "Zm9v!", "Zm9vY===", "é"])
  func whatIsNotBase64IsRefused(text: String) {
    #expect(Base64.decode(text) == nil)
  }
}
