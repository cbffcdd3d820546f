import Testing
import TinkerTokenizer

@Suite struct CharacterClassTests {
  private static let codePoints = 0...0x10FFFF as ClosedRange<UInt32>

  @Test func whiteSpaceIsThePropertyAndNotPythons() {
    let found = Self.codePoints.filter(CharacterClass.isWhiteSpace)
    #expect(found.count == 25)
    for codePoint in [0x85, 0xA0, 0x3000] as [UInt32] {
      #expect(CharacterClass.isWhiteSpace(codePoint))
    }
    for codePoint in [0x1C, 0x1F, 0x180E, 0x200B] as [UInt32] {
      #expect(!CharacterClass.isWhiteSpace(codePoint))
    }
  }

  /// The count is that of a sweep over the reference.
  @Test func wordCharactersAreThoseOfTheReference() {
    #expect(Self.codePoints.count(where: CharacterClass.isWord) == 144_667)
    for codePoint in [0x301, 0x200D, 0x31, 0x5F, 0x31350] as [UInt32] {
      #expect(CharacterClass.isWord(codePoint))
    }
    for codePoint in [0x2D, 0xB2, 0x27, 0x323B0] as [UInt32] {
      #expect(!CharacterClass.isWord(codePoint))
    }
  }
}
