/// A text with the steps that the schemes are made of. Indices are byte offsets of characters.
struct SchemeCursor: ~Escapable {
  let text: Span<UInt8>
  private let table = TraitTable.shared

  @_lifetime(copy text)
  init(_ text: Span<UInt8>) { self.text = text }

  /// The traits of the character at an index; `end` behind the last one.
  @inline(__always)
  func traits(at index: Int) -> CharacterTraits {
    guard index < text.count else { return .end }
    let byte = text[index]
    return byte < 0x80 ? table.ofASCII(byte) : table.of(text.codePoint(at: index).codePoint)
  }

  /// The index behind the character at an index.
  @inline(__always)
  func after(_ index: Int) -> Int {
    index + (text[index] < 0x80 ? 1 : text.codePoint(at: index).length)
  }

  /// The end of the run of characters that have a wanted trait and no unwanted one.
  func endOfRun(
    from start: Int, of wanted: CharacterTraits, without unwanted: CharacterTraits = []
  ) -> Int {
    var index = start
    while true {
      let traits = traits(at: index)
      guard traits.has(wanted), !traits.has(unwanted) else { return index }
      index = after(index)
    }
  }

  /// The end of the run of letters.
  func endOfLetters(from start: Int) -> Int {
    var index = start
    while true {
      index = endOfASCIILetters(from: index)
      guard traits(at: index).has(.letter) else { return index }
      index = after(index)
    }
  }

  /// The end of the run of `[A-Za-z]`, for a comparison each.
  @inline(__always)
  private func endOfASCIILetters(from start: Int) -> Int {
    var index = start
    let count = text.count
    while index < count, (text[index] | 0x20) &- UInt8(ascii: "a") < 26 { index &+= 1 }
    return index
  }

  /// The end of the run of characters that have none of some traits.
  func endOfRun(from start: Int, withoutAny unwanted: CharacterTraits) -> Int {
    var index = start
    while !traits(at: index).has(unwanted.union(.end)) { index = after(index) }
    return index
  }

  /// The end of up to three numbers.
  func endOfNumbers(from start: Int, atMost limit: Int) -> Int {
    var index = start
    var count = 0
    while count < limit, traits(at: index).has(.number) {
      index = after(index)
      count += 1
    }
    return index
  }

  /// The end of a run of some ASCII bytes.
  func endOfBytes(from start: Int, _ wanted: (UInt8) -> Bool) -> Int {
    var index = start
    while index < text.count, wanted(text[index]) { index += 1 }
    return index
  }

  /// Behind `'s 't 're 've 'm 'll 'd`, or `nil`.
  func endOfContraction(at index: Int, ignoringCase: Bool) -> Int? {
    guard index + 1 < text.count, text[index] == 0x27 else { return nil }
    let fold: UInt8 = ignoringCase ? 0x20 : 0
    let first = text[index + 1] | fold
    switch first {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
      return index + 2
    case UInt8(ascii: "r"), UInt8(ascii: "v"), UInt8(ascii: "l"):
      let second = first == UInt8(ascii: "l") ? first : UInt8(ascii: "e")
      return index + 2 < text.count && text[index + 2] | fold == second ? index + 3 : nil
    case 0xC5 | fold where ignoringCase && index + 2 < text.count:
      // U+017F, the long s, is an s.
      return text[index + 1] == 0xC5 && text[index + 2] == 0xBF ? index + 3 : nil
    default: return nil
    }
  }

  /// White space at an index, as `\s*[\r\n]+|\s+(?!\S)|\s+` splits it.
  func endOfWhiteSpace(from start: Int) -> Int {
    var index = start
    var last = start
    var lastNewline: Int?
    while traits(at: index).has(.whiteSpace) {
      last = index
      if traits(at: index).has(.newline) { lastNewline = index }
      index = after(index)
    }
    if let lastNewline { return lastNewline + 1 }
    return whiteSpaceEnd(start, last, index)
  }

  /// White space at an index, as `\s+(?!\S)|\s+` splits it.
  func endOfPlainWhiteSpace(from start: Int) -> Int {
    var index = start
    var last = start
    while traits(at: index).has(.whiteSpace) {
      last = index
      index = after(index)
    }
    return whiteSpaceEnd(start, last, index)
  }

  /// The last white space character before other text is left to that text, unless it is the only one.
  private func whiteSpaceEnd(_ start: Int, _ last: Int, _ end: Int) -> Int {
    traits(at: end).has(.end) || last == start ? end : last
  }
}
