/// An encoder that belongs to one worker: it keeps a word cache and scratch memory.
///
/// It must not be used by two threads at once. Appending to a buffer that is kept makes a run over
/// many texts free of allocations.
public final class Encoder {
  private let core: TokenizerCore
  private var state: EncoderState

  init(_ core: TokenizerCore, knowsWords: Bool) {
    self.core = core
    state = knowsWords ? core.makeKnowingState() : EncoderState()
  }

  /// Appends the ids of a text to a buffer.
  ///
  /// - Parameters: as for ``Tokenizer/encode(_:addSpecialTokens:addedTokens:)``.
  public func append(
    _ text: UTF8Span, to ids: inout [UInt32], addSpecialTokens: Bool = false,
    addedTokens: AddedTokenMatching = .match
  ) {
    state.append(
      text, core, to: &ids, addSpecialTokens: addSpecialTokens, addedTokens: addedTokens)
  }

  /// Appends the ids of a text to a buffer.
  ///
  /// - Parameters: as for ``Tokenizer/encode(_:addSpecialTokens:addedTokens:)``.
  public func append(
    _ text: String, to ids: inout [UInt32], addSpecialTokens: Bool = false,
    addedTokens: AddedTokenMatching = .match
  ) {
    state.append(
      text.utf8Span, core, to: &ids, addSpecialTokens: addSpecialTokens, addedTokens: addedTokens)
  }

  /// Appends the ids of a text, and the place of each in the bytes of the text, to two buffers.
  ///
  /// - Parameters: as for ``Tokenizer/encode(_:addSpecialTokens:addedTokens:)``.
  public func append(
    _ text: String, to ids: inout [UInt32], byteOffsets: inout [Range<Int>],
    addSpecialTokens: Bool = false, addedTokens: AddedTokenMatching = .match
  ) {
    state.append(
      text.utf8Span, core, to: &ids, byteOffsets: &byteOffsets, addSpecialTokens: addSpecialTokens,
      addedTokens: addedTokens)
  }

  /// The number of ids of a text.
  ///
  /// - Parameters: as for ``Tokenizer/encode(_:addSpecialTokens:addedTokens:)``.
  public func count(
    _ text: String, addSpecialTokens: Bool = false, addedTokens: AddedTokenMatching = .match
  ) -> Int {
    state.count(text.utf8Span, core, addSpecialTokens: addSpecialTokens, addedTokens: addedTokens)
  }
}
