import TinkerTokenizer

/// A conversation that a family has laid out as a whole: text in pieces that know their messages.
public struct WholeLayout: Sendable {
  /// What is laid out.
  public enum Purpose: Sendable {
    /// The messages, for training.
    case example
    /// What asks for the next message, behind the messages.
    case prompt(role: String, prefill: String?)
  }

  /// A stretch of text.
  public struct Piece: Sendable {
    /// The text.
    public var text: String
    /// The caller's index of the message; `nil` for text outside of messages.
    public var message: Int?
    /// What the text is.
    public var kind: SegmentKind
    /// Whether the text is the caller's.
    public var isContent: Bool
    /// Whether the text is what the message says, not what leads to it or follows it.
    public var isOutput: Bool
    /// Whether an assistant wrote the message.
    public var isAnswer: Bool
    /// Whether the text is a user's or a tool's.
    public var isForeign: Bool
  }

  /// The pieces in order. They are encoded in one call.
  public var pieces: [Piece] = []

  /// A layout without pieces.
  public init() {}

  /// Adds text; what nothing tells apart from the piece before continues it.
  mutating func append(_ piece: Piece) {
    if piece.text.isEmpty { return }
    if let last = pieces.last, last.message == piece.message, last.kind == piece.kind,
      last.isContent == piece.isContent, last.isOutput == piece.isOutput,
      last.isForeign == piece.isForeign
    {
      pieces[pieces.count - 1].text += piece.text
    } else {
      pieces.append(piece)
    }
  }
}

extension TokenWriter {
  /// Encodes a layout in one call, or, where text must not become control tokens and would, in one call
  /// for each stretch; and describes every token by the piece it belongs to.
  mutating func write(_ layout: WholeLayout, weight: (WholeLayout.Piece) -> Float) {
    var startsChunk = true
    for (pieces, matching) in stretches(of: layout) {
      let start = tokens.count
      joined.removeAll(keepingCapacity: true)
      self.pieces.removeAll(keepingCapacity: true)
      for piece in pieces {
        joined += piece.text
        self.pieces.append(
          Piece(
            text: Substring(piece.text), kind: piece.kind, isContent: piece.isContent,
            end: joined.utf8.count))
      }
      encoder.append(joined, to: &tokens, addedTokens: matching)
      findPlaces(from: start, matching)
      var piece = 0
      for index in start..<tokens.count {
        let place = places[index - start]
        while piece + 1 < self.pieces.count, place.lowerBound >= self.pieces[piece].end {
          piece += 1
        }
        let owner = pieces[self.owner(of: place, from: piece)]
        describe(index, as: owner, weight: weight(owner), startsChunk: startsChunk)
        startsChunk = false
      }
    }
    dropPieces()
  }

  /// The pieces that are encoded together, with what may match in them.
  private func stretches(
    of layout: WholeLayout
  ) -> [(pieces: [WholeLayout.Piece], matching: AddedTokenMatching)] {
    func matching(_ piece: WholeLayout.Piece) -> AddedTokenMatching {
      if mode == .reference || !piece.isContent { return .match }
      return piece.isForeign ? .none : mode == .strict ? .literal : .match
    }
    var out: [(pieces: [WholeLayout.Piece], matching: AddedTokenMatching)] = []
    for piece in layout.pieces {
      if out.last?.matching == matching(piece) {
        out[out.count - 1].pieces.append(piece)
      } else {
        out.append(([piece], matching(piece)))
      }
    }
    let isSpelled = out.contains { (pieces, matching) in
      matching != .match && spellsToken(pieces.map(\.text).joined(), matching)
    }
    return isSpelled || out.isEmpty ? out : [(layout.pieces, .match)]
  }

  private mutating func describe(
    _ index: Int, as piece: WholeLayout.Piece, weight: Float, startsChunk: Bool
  ) {
    if let last = segments.last, last.message == piece.message, last.kind == piece.kind,
      last.isContent == piece.isContent, last.weight == weight, !startsChunk
    {
      segments[segments.count - 1].range = last.range.lowerBound..<index + 1
      return
    }
    segments.append(
      Segment(
        range: index..<index + 1, message: piece.message, kind: piece.kind, weight: weight,
        isSampled: piece.isAnswer && piece.isOutput && purpose == .example,
        isContent: piece.isContent, startsChunk: startsChunk))
  }
}
