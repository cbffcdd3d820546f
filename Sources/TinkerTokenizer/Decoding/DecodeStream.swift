/// Decodes ids as they arrive, and never gives out half a character.
///
/// The pieces are those of the reference's `DecodeStream`; ``flush()`` is an addition. With the
/// byte-level decoder a step takes constant time on average. With others the ids since the last
/// piece are decoded again in each step, as the reference does.
public struct DecodeStream: Sendable {
  private let core: TokenizerCore
  private let skipsSpecialTokens: Bool
  private var position = 0

  /// The bytes that have not been given out.
  private var held: [UInt8] = []

  /// The ids of the window, which begins with those of the last piece.
  private var window: [UInt32] = []
  /// The text of the first `prefixCount` ids of the window.
  private var prefix: [UInt8] = []
  private var prefixCount = 0

  init(_ core: TokenizerCore, skipSpecialTokens: Bool) {
    self.core = core
    skipsSpecialTokens = skipSpecialTokens
  }

  /// Takes one id and returns the text that it completes, or `nil`.
  ///
  /// - Throws: `TokenizerError.textChanged` if the decoder rewrites text that was already given out.
  public mutating func step(_ id: UInt32) throws(TokenizerError) -> String? {
    position += 1
    if core.isDropped(id, skipSpecialTokens: skipsSpecialTokens) { return nil }
    return core.decoder.isByteLevel ? stepBytes(id) : try stepText(id)
  }

  /// The text that is still held back: an incomplete character becomes U+FFFD. The stream then
  /// stands at its start again. `nil` if nothing is held back.
  public mutating func flush() -> String? {
    let rest: [UInt8]
    if core.decoder.isByteLevel {
      rest = held
    } else {
      let text = core.decodeBytes(window, skipSpecialTokens: skipsSpecialTokens)
      rest =
        text.starts(with: prefix)
        ? Array(text[prefix.count...])
        : core.decodeBytes(Array(window[prefixCount...]), skipSpecialTokens: skipsSpecialTokens)
    }
    self = DecodeStream(core, skipSpecialTokens: skipsSpecialTokens)
    return rest.isEmpty ? nil : LossyUTF8.text(rest)
  }

  /// What is given out ends with a whole character, so the bytes behind it can be read on their own.
  private mutating func stepBytes(_ id: UInt32) -> String? {
    core.appendBytes(of: id, to: &held)
    if held.isEmpty || LossyUTF8.endsInReplacement(held.span) { return nil }
    let text = LossyUTF8.text(held)
    held.removeAll(keepingCapacity: true)
    return text
  }

  private mutating func stepText(_ id: UInt32) throws(TokenizerError) -> String? {
    if prefix.isEmpty, !window.isEmpty {
      let text = core.decodeBytes(window, skipSpecialTokens: skipsSpecialTokens)
      if !LossyUTF8.endsInReplacement(text.span) {
        prefix = text
        prefixCount = window.count
      }
    }
    window.append(id)
    let text = core.decodeBytes(window, skipSpecialTokens: skipsSpecialTokens)
    if text.count <= prefix.count || LossyUTF8.endsInReplacement(text.span) { return nil }
    guard text.starts(with: prefix) else { throw .textChanged(position: position - 1) }
    let piece = LossyUTF8.text(Array(text[prefix.count...]))
    let fresh = window.count - prefixCount
    window.removeFirst(prefixCount)
    prefix = core.decodeBytes(window, skipSpecialTokens: skipsSpecialTokens)
    prefixCount = fresh
    return piece
  }
}
