import TinkerTokenizer

/// Reads a response token by token.
///
/// ```swift
/// var parser = try renderer.makeResponseParser()
/// for token in tokens { for delta in parser.feed(token) { show(delta) } }
/// for delta in try parser.finish() { show(delta) }
/// ```
public struct ResponseParser: Sendable {
  private let family: any ChatFamily
  private let endTokens: [UInt32]
  private var decoder: TokenTextDecoder
  private var tokens: [UInt32] = []
  private var isEnded = false
  private var deltas: DeltaMachine
  /// What the prompt has put before the response, until it is known whether the response repeats it.
  private var opening: ArraySlice<UInt32>
  private var heldBack: [UInt32] = []

  /// A parser at the start of a response.
  init(family: any ChatFamily, tokenizer: Tokenizer, opening: [UInt32]) {
    self.family = family
    endTokens = family.endTokens
    decoder = TokenTextDecoder(tokenizer)
    deltas = DeltaMachine()
    self.opening = opening[...]
  }

  /// Takes the next token of the response.
  ///
  /// - Returns: what the token completes; nothing once the response has ended.
  public mutating func feed(_ token: UInt32) -> [MessageDelta] {
    if isEnded { return [] }
    tokens.append(token)
    guard let expected = opening.first else { return take(token) }
    heldBack.append(token)
    var out: [MessageDelta] = []
    if token == expected {
      opening.removeFirst()
      if !opening.isEmpty { return [] }
    } else {
      // The response does not repeat what the prompt gave, so the stream begins with it.
      for token in family.responseOpening { out += take(token) }
      opening = []
    }
    return out + release()
  }

  private mutating func release() -> [MessageDelta] {
    var out: [MessageDelta] = []
    for token in heldBack { out += take(token) }
    heldBack = []
    return out
  }

  private mutating func take(_ token: UInt32) -> [MessageDelta] {
    if endTokens.contains(token) {
      isEnded = true
      return []
    }
    guard let text = decoder.decode(token) else { return [] }
    return deltas.append(text)
  }

  /// Ends the response: what was held back, and the whole message as the last delta.
  ///
  /// - Throws: `RenderingError` of kind `response` for tokens that cannot be parsed at all.
  public mutating func finish() throws(RenderingError) -> [MessageDelta] {
    opening = []
    var out = release()
    out += deltas.finish(decoder.flush())
    let parsed = try family.parse(tokens, finish: .streaming, tokenizer: decoder.tokenizer)
    out.append(.message(parsed.message))
    return out
  }
}

/// Splits text that arrives in pieces into text and thinking by the `<think>` tags.
struct DeltaMachine: Sendable {
  private static let open = Array("<think>".utf8)
  private static let close = Array("</think>".utf8)

  /// Text that was not given out yet.
  private var buffer: [UInt8] = []
  private var hasHeader = false
  private var contentIndex = 0
  private var isThinking = false

  /// Takes text, perhaps empty, and gives out what cannot belong to a tag.
  mutating func append(_ text: String) -> [MessageDelta] {
    var out = header()
    buffer.append(contentsOf: text.utf8)
    while true {
      let tag = isThinking ? Self.close : Self.open
      guard let place = ByteSearch.first(tag.span, in: buffer.span, from: 0) else { break }
      emit(place, to: &out)
      buffer.removeFirst(tag.count)
      contentIndex += 1
      isThinking.toggle()
    }
    let tag = isThinking ? Self.close : Self.open
    emit(buffer.count - Self.heldBack(buffer, before: tag), to: &out)
    return out
  }

  /// Gives out the rest, with text that arrives last; tags are not looked for any more.
  mutating func finish(_ text: String) -> [MessageDelta] {
    var out = header()
    buffer.append(contentsOf: text.utf8)
    emit(buffer.count, to: &out)
    return out
  }

  private mutating func header() -> [MessageDelta] {
    if hasHeader { return [] }
    hasHeader = true
    return [.header(role: Role.assistant)]
  }

  /// Gives out the first bytes of the buffer.
  private mutating func emit(_ count: Int, to out: inout [MessageDelta]) {
    if count == 0 { return }
    let text = String(decoding: buffer[..<count], as: UTF8.self)
    buffer.removeFirst(count)
    out.append(
      isThinking
        ? .thinking(text, contentIndex: contentIndex) : .text(text, contentIndex: contentIndex))
  }

  /// The length of the longest end of the text that may be the beginning of a tag.
  private static func heldBack(_ text: [UInt8], before tag: [UInt8]) -> Int {
    for count in stride(from: min(text.count, tag.count - 1), to: 0, by: -1)
    where text[(text.count - count)...].elementsEqual(tag[..<count]) {
      return count
    }
    return 0
  }
}
