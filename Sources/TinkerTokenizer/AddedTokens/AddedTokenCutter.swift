/// A part of a text: an added token, or text between added tokens.
struct AddedTokenCut {
  var start: Int
  var end: Int
  /// The place of the token in its matcher, or `nil` for text.
  var token: Int?
}

extension AddedTokenMatcher {
  /// Cuts a text at its added tokens, as the reference does.
  ///
  /// A match that is not taken (a special token that stays text, a word that is part of a longer one)
  /// is passed over whole: nothing else is looked for inside it. White space that a token swallows
  /// does not move the search, so a later match may begin inside it.
  ///
  /// - Parameters:
  ///   - text: UTF-8 text.
  ///   - keepsSpecial: whether tokens marked `special` stay text.
  ///   - cuts: takes the parts in order; what was in it is gone.
  func cut(_ text: Span<UInt8>, keepsSpecial: Bool, into cuts: inout [AddedTokenCut]) {
    cuts.removeAll(keepingCapacity: true)
    var done = 0
    var search = 0
    // The end of the white space that was swallowed last; nobody walks through it again.
    var spaceEnd = 0
    while let match = next(in: text, from: search) {
      search = match.end
      let token = tokens[match.token]
      if keepsSpecial && token.isSpecial { continue }
      if token.isSingleWord, touchesWord(match, in: text) { continue }
      var start = match.start
      var end = match.end
      if token.stripsLeft {
        start = max(whiteSpaceStart(before: start, in: text, limit: done), done)
      }
      if token.stripsRight {
        if end >= spaceEnd { spaceEnd = whiteSpaceEnd(behind: end, in: text) }
        end = spaceEnd
      }
      // All of it was swallowed by the token before.
      if start >= end { continue }
      if done < start { cuts.append(AddedTokenCut(start: done, end: start, token: nil)) }
      cuts.append(AddedTokenCut(start: start, end: end, token: match.token))
      done = end
    }
    if done < text.count { cuts.append(AddedTokenCut(start: done, end: text.count, token: nil)) }
  }

  private func touchesWord(_ match: Match, in text: Span<UInt8>) -> Bool {
    if let before = text.scalar(before: match.start), CharacterClass.isWord(before.value) {
      return true
    }
    if let behind = text.scalar(at: match.end), CharacterClass.isWord(behind.value) {
      return true
    }
    return false
  }

  private func whiteSpaceStart(before end: Int, in text: Span<UInt8>, limit: Int) -> Int {
    var place = end
    while place > limit, let before = text.scalar(before: place),
      CharacterClass.isWhiteSpace(before.value)
    {
      place -= before.length
    }
    return place
  }

  private func whiteSpaceEnd(behind start: Int, in text: Span<UInt8>) -> Int {
    var place = start
    while let next = text.scalar(at: place), CharacterClass.isWhiteSpace(next.value) {
      place += next.length
    }
    return place
  }
}

extension Span<UInt8> {
  /// The code point that begins at a place of valid UTF-8, with its length; `nil` at the end.
  func scalar(at index: Int) -> (value: UInt32, length: Int)? {
    guard index < count else { return nil }
    let lead = self[index]
    if lead < 0x80 { return (UInt32(lead), 1) }
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    guard index + length <= count else { return nil }
    var value = UInt32(lead) & (0x7F >> UInt32(length))
    for offset in 1..<length { value = value << 6 | UInt32(self[index + offset] & 0x3F) }
    return (value, length)
  }

  /// The code point that ends before a place of valid UTF-8, with its length; `nil` at the start.
  func scalar(before index: Int) -> (value: UInt32, length: Int)? {
    var start = index - 1
    while start > 0, self[start] & 0xC0 == 0x80 { start -= 1 }
    return start < 0 ? nil : scalar(at: start)
  }
}
