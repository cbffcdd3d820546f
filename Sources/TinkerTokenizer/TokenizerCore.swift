import Synchronization

/// Everything about a tokenizer that never changes, shared by all encoders.
final class TokenizerCore: Sendable {
  let tokens: TokenTable
  let beginningOfSequence: SpecialToken?
  let endOfSequence: SpecialToken?
  let pool = EncoderPool()

  init(contentsOf path: String) throws(TokenizerError) {
    throw .unsupported(field: "path", value: path)
  }

  init(json: [UInt8], configuration: [UInt8]?) throws(TokenizerError) {
    throw .unsupported(field: "json", value: "")
  }

  /// Runs a body with an encoder that nobody else is using.
  func withEncoder<Result>(_ body: (inout EncoderState) -> Result) -> Result {
    var state = pool.take() ?? EncoderState(self)
    let result = body(&state)
    pool.put(state)
    return result
  }

  func decode(_ ids: [UInt32], skipSpecialTokens: Bool) -> String { "" }

  func decodeBytes(_ ids: [UInt32], skipSpecialTokens: Bool) -> [UInt8] { [] }
}
