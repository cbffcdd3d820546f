import Testing
import TinkerTokenizer

@Suite struct CharacterClassTests {
  @Test func whiteSpaceIsThePropertyAndNotPythons() {
    let found = (0...0x10FFFF as ClosedRange<UInt32>).filter(CharacterClass.isWhiteSpace)
    #expect(found.count == 25)
    for codePoint in [0x85, 0xA0, 0x3000] as [UInt32] {
      #expect(CharacterClass.isWhiteSpace(codePoint))
    }
    for codePoint in [0x1C, 0x1F, 0x180E, 0x200B] as [UInt32] {
      #expect(!CharacterClass.isWhiteSpace(codePoint))
    }
  }
}
