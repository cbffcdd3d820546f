/// Decodes ids as they arrive, and never gives out half a character.
///
/// The pieces are those of the reference's `DecodeStream`; ``flush()`` is an addition.
public struct DecodeStream: Sendable {
  let core: TokenizerCore
  let skipSpecialTokens: Bool

  init(_ core: TokenizerCore, skipSpecialTokens: Bool) {
    self.core = core
    self.skipSpecialTokens = skipSpecialTokens
  }

  /// Takes one id and returns the text that it completes, or `nil`.
  ///
  /// - Throws: `TokenizerError.textChanged` if the decoder rewrites text that was already given out.
  public mutating func step(_ id: UInt32) throws(TokenizerError) -> String? { nil }

  /// The text that is still held back: an incomplete character becomes U+FFFD. The stream then
  /// stands at its start again. `nil` if nothing is held back.
  public mutating func flush() -> String? { nil }
}
