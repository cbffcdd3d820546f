/// The family of cl100k, 64 bytes at a time: where pieces begin follows from the masks of a block, with
/// a bit or two from its neighbours.
///
/// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?L+|\p{N}{1,n}| ?[^\sL\p{N}]+[\r\n]*|\s*[\r\n]+`
/// `|\s+(?!\S)|\s+`, where L stands for letters, or letters and marks.
struct WordBlockScanner: ~Escapable {
  private var rules: BlockRules
  // The last byte of the block before: was it a letter, or the end of a symbol that began a piece?
  private var afterLetter: UInt64 = 0
  private var afterFirstOther: UInt64 = 0
  /// Letters of the next block that begin a piece because a contraction ends before them.
  private var forced: UInt64 = 0

  @_lifetime(copy text)
  init(_ text: Span<UInt8>, numberLimit: Int) {
    rules = BlockRules(text, numberLimit: numberLimit)
  }

  /// Appends all pieces of a text.
  ///
  /// - Returns: all that ``NormalFormTables/check`` says of its characters.
  static func split(
    _ text: Span<UInt8>, _ classes: BlockClasses, numberLimit: Int, into pieces: inout PieceBuffer
  ) -> UInt8 {
    guard !text.isEmpty else { return 0 }
    var reader = BlockReader(text, classes)
    var scanner = WordBlockScanner(text, numberLimit: numberLimit)
    var block = reader.block(at: 0)
    var offset = 0
    while offset < text.count {
      let next = reader.block(at: offset + 64)
      let starts = scanner.starts(block, next: next, at: offset)
      pieces.append(starts: starts, at: offset, textLength: text.count)
      block = next
      offset += 64
    }
    pieces.append(end: text.count)
    return reader.normalFormFlags
  }

  /// Where pieces begin in the block at an offset; `next` is the block behind it.
  @inline(__always)
  private mutating func starts(_ block: BlockMasks, next: BlockMasks, at offset: Int) -> UInt64 {
    let isFirst = ~block.continuation
    let others = rules.firstOthers(block)
    let (sum, carry) = (others << 1 | afterFirstOther).addingReportingOverflow(block.continuation)
    let behindOthers = sum & isFirst
    afterFirstOther = others >> 63 | (carry ? 1 : 0)

    // Letters begin a piece unless white space on their line, or a single symbol, stands before them.
    let letters =
      block.letter & isFirst & ~(block.letter << 1 | afterLetter)
      & ~(block.segment << 1 | rules.afterSegment) & ~behindOthers
    afterLetter = block.letter >> 63

    var starts = others | letters | forced & block.letter
    forced = 0
    let contractions = block.apostrophe & others
    if contractions != 0 { starts |= behindContractions(contractions, block, offset) }
    return starts
      | rules.numbersAndWhite(
        block, next: next, texts: ~block.whiteSpace, nextTexts: ~next.whiteSpace, at: offset)
  }

  /// A letter behind a contraction begins a piece.
  @inline(never)
  private mutating func behindContractions(
    _ apostrophes: UInt64, _ block: BlockMasks, _ offset: Int
  ) -> UInt64 {
    let cursor = SchemeCursor(rules.text)
    var starts: UInt64 = 0
    var rest = apostrophes
    while rest != 0 {
      let bit = rest.trailingZeroBitCount
      if let end = cursor.endOfContraction(at: offset &+ bit, ignoringCase: true) {
        let place = end &- offset
        if place < 64 { starts |= 1 << UInt64(place) } else { forced |= 1 << UInt64(place &- 64) }
      }
      rest &= rest &- 1
    }
    return starts & block.letter
  }
}
