import TinkerJSON

/// Cuts a template into tokens, with white space controlled as Hugging Face sets it: a newline behind
/// a block is dropped (`trim_blocks`), and so are blanks before one on its line (`lstrip_blocks`).
struct TemplateLexer {
  /// The template with newlines as `\n` and without the last one.
  let source: [UInt8]
  var position = 0
  var tokens: [TemplateToken] = []
  /// Whether what was read last ended a line.
  private var startsLine = true

  init(_ template: [UInt8]) {
    source = Self.normalized(template)
  }

  /// All tokens, the last of them `end`.
  static func tokens(of template: [UInt8]) throws(TemplateError) -> (
    source: [UInt8], tokens: [TemplateToken]
  ) {
    var lexer = TemplateLexer(template)
    do throws(TemplateError) { try lexer.readAll() } catch { throw error.located(in: lexer.source) }
    return (lexer.source, lexer.tokens)
  }

  private static func normalized(_ template: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(template.count)
    var index = 0
    while index < template.count {
      let byte = template[index]
      index += 1
      if byte == UInt8(ascii: "\r") {
        out.append(UInt8(ascii: "\n"))
        if index < template.count, template[index] == UInt8(ascii: "\n") { index += 1 }
      } else {
        out.append(byte)
      }
    }
    if out.last == UInt8(ascii: "\n") { out.removeLast() }
    return out
  }

  private mutating func readAll() throws(TemplateError) {
    while position < source.count {
      let start = position
      guard let tag = nextTag(from: start) else {
        add(.data(Array(source[start...])), at: start)
        break
      }
      let kind = source[tag + 1]
      position = tag + 2
      if kind == UInt8(ascii: "%"), let end = rawBegin(behind: tag) {
        appendText(start..<tag, before: tag, stripsLine: true)
        position = end
        try readRaw(from: tag)
        continue
      }
      appendText(start..<tag, before: tag, stripsLine: kind != UInt8(ascii: "{"))
      if sign(at: position) != nil { position += 1 }
      switch kind {
      case UInt8(ascii: "#"): try readComment(from: tag)
      case UInt8(ascii: "{"):
        add(.variableBegin, at: tag)
        try readExpression(isBlock: false, from: tag)
      default:
        add(.blockBegin, at: tag)
        try readExpression(isBlock: true, from: tag)
      }
    }
    add(.end, at: source.count)
  }

  // MARK: Outside of tags

  /// The next `{{`, `{%` or `{#`.
  private func nextTag(from start: Int) -> Int? {
    var index = start
    while index + 1 < source.count {
      if source[index] == UInt8(ascii: "{") {
        let next = source[index + 1]
        if next == UInt8(ascii: "{") || next == UInt8(ascii: "%") || next == UInt8(ascii: "#") {
          return index
        }
      }
      index += 1
    }
    return nil
  }

  /// Adds the text before a tag, stripped as the tag asks.
  private mutating func appendText(_ range: Range<Int>, before tag: Int, stripsLine: Bool) {
    var end = range.upperBound
    switch sign(at: tag + 2) {
    case UInt8(ascii: "-"): end = stripEnd(range)
    case UInt8(ascii: "+"): break
    default:
      if !stripsLine { break }
      let line =
        (source[range].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }) ?? range.lowerBound
      if (line > range.lowerBound || startsLine) && stripEnd(line..<end) == line { end = line }
    }
    if end > range.lowerBound {
      add(.data(Array(source[range.lowerBound..<end])), at: range.lowerBound)
    }
  }

  private func sign(at index: Int) -> UInt8? {
    guard index < source.count else { return nil }
    return source[index] == UInt8(ascii: "-") || source[index] == UInt8(ascii: "+")
      ? source[index] : nil
  }

  /// Where a range ends without white space.
  private func stripEnd(_ range: Range<Int>) -> Int {
    let text = TracedText(Array(source[range]), from: .template(0))
    return range.lowerBound + text.stripped(start: false, end: true).count
  }

  /// The first byte at or behind `index` that is not white space.
  private func skipSpace(from index: Int) -> Int {
    var index = index
    while index < source.count {
      let byte = source[index]
      if byte == 0x20 || (0x09...0x0D).contains(byte) || (0x1C...0x1F).contains(byte) {
        index += 1
      } else if byte >= 0x80 {
        let next = TracedText(
          Array(source[index..<min(index + 4, source.count)]), from: .template(0)
        )
        .scalar(at: 0)
        if !PythonText.isSpace(next.scalar) { break }
        index += next.end
      } else {
        break
      }
    }
    return index
  }

  // MARK: Ends of tags

  func matches(_ text: StaticString, at index: Int) -> Bool {
    var place = index
    for byte in text.description.utf8 {
      guard place < source.count, source[place] == byte else { return false }
      place += 1
    }
    return true
  }

  /// Passes over the end of a block or comment, with what it strips.
  ///
  /// - Returns: `false` if there is none here.
  private mutating func skipEnd(_ end: StaticString) -> Bool {
    let length = end.utf8CodeUnitCount
    if matches(end, at: position) {
      position += length
      if position < source.count, source[position] == UInt8(ascii: "\n") { position += 1 }
      return true
    }
    guard let sign = sign(at: position), matches(end, at: position + 1) else { return false }
    position += 1 + length
    if sign == UInt8(ascii: "-") { position = skipSpace(from: position) }
    return true
  }

  private mutating func finishTag() {
    startsLine = position > 0 && source[position - 1] == UInt8(ascii: "\n")
  }

  private mutating func readComment(from tag: Int) throws(TemplateError) {
    while position < source.count {
      if skipEnd("#}") {
        finishTag()
        return
      }
      position += 1
    }
    throw TemplateError(.syntax, "the comment that begins here has no end", at: tag)
  }

  // MARK: Raw

  /// The byte behind `{% raw %}`, if that stands at `tag`.
  private func rawBegin(behind tag: Int) -> Int? {
    var index = tag + 2
    if sign(at: index) != nil { index += 1 }
    index = skipSpace(from: index)
    guard matches("raw", at: index) else { return nil }
    index = skipSpace(from: index + 3)
    if matches("-%}", at: index) { return skipSpace(from: index + 3) }
    return matches("%}", at: index) ? index + 2 : nil
  }

  private mutating func readRaw(from tag: Int) throws(TemplateError) {
    startsLine = position > 0 && source[position - 1] == UInt8(ascii: "\n")
    let start = position
    var index = start
    while index + 1 < source.count {
      if matches("{%", at: index) {
        var place = index + 2
        if sign(at: place) != nil { place += 1 }
        place = skipSpace(from: place)
        if matches("endraw", at: place) {
          position = skipSpace(from: place + 6)
          if skipEnd("%}") {
            appendText(start..<index, before: index, stripsLine: true)
            finishTag()
            return
          }
        }
      }
      index += 1
    }
    throw TemplateError(.syntax, "the raw block that begins here has no end", at: tag)
  }

  // MARK: Inside of tags

  private mutating func readExpression(isBlock: Bool, from tag: Int) throws(TemplateError) {
    var open: [UInt8] = []
    while true {
      position = skipSpace(from: position)
      guard position < source.count else {
        throw TemplateError(.syntax, "the tag that begins here has no end", at: tag)
      }
      if open.isEmpty {
        let start = position
        if isBlock, skipEnd("%}") {
          add(.blockEnd, at: start)
          finishTag()
          return
        }
        if !isBlock, matches("}}", at: position) {
          position += 2
          add(.variableEnd, at: start)
          finishTag()
          return
        }
        if !isBlock, matches("-}}", at: position) {
          position = skipSpace(from: position + 3)
          add(.variableEnd, at: start)
          finishTag()
          return
        }
      }
      try readToken(&open)
    }
  }

  mutating func add(_ form: TemplateToken.Form, at offset: Int) {
    tokens.append(TemplateToken(form: form, offset: offset))
  }
}
