internal import TinkerData
internal import TinkerTokenizer

/// Looks for stop texts in what a sequence says, token by token.
struct StopText {
  private let stops: [[UInt8]]
  private var decoder: DecodeStream
  /// The end of the text so far, as much as a stop text that is still to come may begin in.
  private var tail: [UInt8] = []
  private let keep: Int

  /// The stop texts of a request; `nil` if it has none.
  ///
  /// - Throws: `LocalError.request` if there is no tokenizer to decode with.
  init?(_ stop: SamplingParams.Stop?, tokenizer: Tokenizer?) throws(LocalError) {
    guard case .strings(let texts) = stop, !texts.isEmpty else { return nil }
    guard let tokenizer else {
      throw .request("stop texts need a tokenizer, and this model has none; give stop token ids")
    }
    guard texts.allSatisfy({ !$0.isEmpty }) else { throw .request("a stop text is empty") }
    stops = texts.map { Array($0.utf8) }
    keep = (stops.map(\.count).max() ?? 1) - 1
    decoder = tokenizer.makeDecodeStream()
  }

  /// Whether a stop text is complete with this token.
  mutating func contains(after token: UInt32) -> Bool {
    // A decoder that rewrites text it has given out cannot be searched further; the rest is searched as
    // it comes.
    guard let piece = try? decoder.step(token) else { return false }
    tail += Array(piece.utf8)
    let found = stops.contains { stop in
      guard tail.count >= stop.count else { return false }
      return (0...tail.count - stop.count).contains { tail[$0...].starts(with: stop) }
    }
    if tail.count > keep { tail.removeFirst(tail.count - keep) }
    return found
  }
}
