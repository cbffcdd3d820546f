/// The mutable half of encoding: scratch memory and the word cache of one worker.
struct EncoderState: ~Copyable, Sendable {
  let core: TokenizerCore

  init(_ core: TokenizerCore) {
    self.core = core
  }

  mutating func append(
    _ text: UTF8Span, to ids: inout [UInt32], addSpecialTokens: Bool,
    addedTokens: AddedTokenMatching
  ) {}

  mutating func append(
    _ text: UTF8Span, to ids: inout [UInt32], byteOffsets: inout [Range<Int>],
    addSpecialTokens: Bool, addedTokens: AddedTokenMatching
  ) {}

  mutating func count(
    _ text: UTF8Span, addSpecialTokens: Bool, addedTokens: AddedTokenMatching
  ) -> Int { 0 }
}
