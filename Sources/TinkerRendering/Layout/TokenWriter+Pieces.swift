import TinkerTokenizer

/// Which tokens of a chunk belong to which of its pieces.
extension TokenWriter {
  /// Describes the tokens since `start`, which were encoded from the joined pieces.
  ///
  /// A token belongs to the piece in which it begins; one that begins in the template's text and
  /// reaches into the caller's belongs to the caller.
  mutating func attribute(
    from start: Int, _ addedTokens: AddedTokenMatching, _ startsChunk: Bool
  ) {
    findPlaces(from: start, addedTokens)
    var startsChunk = startsChunk
    var piece = 0
    var owner = 0
    var segmentStart = start
    for index in start..<tokens.count {
      let place = places[index - start]
      while piece + 1 < pieces.count, place.lowerBound >= pieces[piece].end { piece += 1 }
      let found = self.owner(of: place, from: piece)
      if found == owner { continue }
      startsChunk = closePiece(owner, segmentStart..<index, startsChunk)
      segmentStart = index
      owner = found
    }
    _ = closePiece(owner, segmentStart..<tokens.count, startsChunk)
  }

  /// Finds the place of each token since `start` in the bytes of the joined pieces.
  mutating func findPlaces(from start: Int, _ addedTokens: AddedTokenMatching) {
    places.removeAll(keepingCapacity: true)
    var end = 0
    for token in tokens[start...] {
      let count = tokenizer.byteCount(of: token) ?? 0
      places.append(end..<end + count)
      end += count
    }
    if end == joined.utf8.count { return }
    // The normalizer changed the text, so that lengths do not tell places.
    tokens.removeSubrange(start...)
    places.removeAll(keepingCapacity: true)
    encoder.append(joined, to: &tokens, byteOffsets: &places, addedTokens: addedTokens)
  }

  /// The piece that a token belongs to, which begins in `piece`.
  func owner(of place: Range<Int>, from piece: Int) -> Int {
    if pieces[piece].isContent || pieces[piece].kind == .header { return piece }
    var index = piece
    while pieces[index].end < place.upperBound, index + 1 < pieces.count {
      index += 1
      if pieces[index].isContent { return index }
    }
    return piece
  }

  /// Describes a run of a chunk; whether the next run begins a chunk.
  private mutating func closePiece(
    _ index: Int, _ range: Range<Int>, _ startsChunk: Bool
  ) -> Bool {
    if range.isEmpty { return startsChunk }
    let piece = pieces[index]
    let isHeader = piece.kind == .header
    if !startsChunk, !leavesChunkOpen, let last = segments.last, last.kind == piece.kind,
      last.isContent == piece.isContent
    {
      // Neighbours that nothing tells apart are one segment.
      segments[segments.count - 1].range = last.range.lowerBound..<range.upperBound
    } else {
      record(range, kind: piece.kind, isContent: piece.isContent, startsChunk: startsChunk)
    }
    return isHeader
  }
}
