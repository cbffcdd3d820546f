public import TinkerTokenizer

/// The two ways in which a parser may finish. They differ where the reference's do.
public enum ParseFinish: Sendable, Hashable {
  /// The response is complete. Without a stop token its text is kept raw.
  case whole
  /// The deltas have been given out. Blocks are read also where the stop token is missing.
  case streaming
}

extension ChatFamily {
  /// Splits at the family's first stop token and reads the text before it.
  public func parse(
    _ tokens: [UInt32], finish: ParseFinish, tokenizer: Tokenizer
  ) throws(RenderingError) -> ParsedResponse {
    let tokens = restored(tokens)
    guard let split = try StopSplit(tokens, at: endTokens.first, renderer: name) else {
      let text = tokenizer.decode(tokens)
      let message =
        finish == .whole
        ? Message(role: Role.assistant, content: .text(text)) : message(from: text)
      return ParsedResponse(message: message, termination: .malformed)
    }
    let text = tokenizer.decode(Array(tokens[..<split.index]))
    return ParsedResponse(message: message(from: text), termination: .stopSequence)
  }

  /// The text as it is.
  public func message(from text: String) -> Message {
    Message(role: Role.assistant, content: .text(text))
  }
}

/// Where the only stop token of a response stands.
struct StopSplit {
  /// The index of the token.
  let index: Int

  /// Finds the token; `nil` if there is none.
  ///
  /// - Throws: `RenderingError` of kind `response` if there are several.
  init?(_ tokens: [UInt32], at stop: UInt32?, renderer: String) throws(RenderingError) {
    guard let stop, let first = tokens.firstIndex(of: stop) else { return nil }
    let count = tokens[first...].reduce(0) { $1 == stop ? $0 + 1 : $0 }
    guard count == 1 else {
      throw RenderingError(
        .response,
        "a response ends with one stop token, and this one has \(count) of token \(stop); "
          + "\(renderer) parses one response at a time", at: "tokens")
    }
    index = first
  }
}
