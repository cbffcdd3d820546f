/// The rules that the block scanners share, with what they remember of the block before.
///
/// In all of them `x << 1 | after…` is "the byte before is x", and a sum carries a bit over a run.
struct BlockRules: ~Escapable {
  let text: Span<UInt8>
  private let numberLimit: Int

  // The last byte of the block before: was it a number, …?
  private var afterNumber: UInt64 = 0
  private(set) var afterSpace: UInt64 = 0
  private(set) var afterSegment: UInt64 = 0
  private var afterNewline: UInt64 = 0
  private var afterWhite: UInt64 = 0
  private(set) var afterOther: UInt64 = 0
  /// … a newline that belongs to the symbols before it?
  private var afterTakenNewline: UInt64 = 0
  /// How many numbers have stood in a row so far.
  private var numberCount = 0

  @_lifetime(copy text)
  init(_ text: Span<UInt8>, numberLimit: Int) {
    self.text = text
    self.numberLimit = numberLimit
  }

  /// Symbols that begin a piece: the first of a run, unless a space before it does.
  @inline(__always)
  func firstOthers(_ block: BlockMasks) -> UInt64 {
    block.other & ~block.continuation & ~(block.other << 1 | afterOther)
      & ~(block.space << 1 | afterSpace)
  }

  /// The places of numbers and white space where pieces begin. `texts` and `textFollows` are the places
  /// of the characters, here and in the next block's first place, to which white space before them is
  /// left.
  @inline(__always)
  mutating func numbersAndWhite(
    _ block: BlockMasks, next: BlockMasks, texts: UInt64, nextTexts: UInt64, at offset: Int
  ) -> UInt64 {
    let segment = block.segment
    let white = block.whiteSpace
    let isFirst = ~block.continuation

    // Newlines directly behind symbols belong to them: adding clears the runs that begin there.
    let behindSymbols = block.newline & (block.other << 1 | afterOther | afterTakenNewline)
    let taken = block.newline & ~(block.newline &+ behindSymbols)

    var starts =
      white & isFirst & ~(white << 1 | afterWhite) & ~taken
      | segment & isFirst & (taken << 1 | afterTakenNewline)
      | segment & ~block.wide & (texts >> 1 | nextTexts << 63)
      | numbers(block)
    let wideWhite = block.otherWhite & block.wide & isFirst
    if wideWhite != 0 { starts |= before(texts, nextTexts, wideWhite, offset) }
    if block.newline | afterNewline != 0 {
      starts |= behindLastNewline(block, segment, next, offset)
    }

    afterNumber = block.number >> 63
    afterSpace = block.space >> 63
    afterSegment = segment >> 63
    afterNewline = block.newline >> 63
    afterWhite = white >> 63
    afterOther = block.other >> 63
    afterTakenNewline = taken >> 63
    return starts
  }

  /// Every number, or the first of each few in a run.
  @inline(__always)
  private mutating func numbers(_ block: BlockMasks) -> UInt64 {
    let numbers = block.number & ~block.continuation
    if numberLimit == 1 || numbers == 0 { return numbers }
    let behindNumber = block.number << 1 | afterNumber
    var rest = numbers
    var starts: UInt64 = 0
    while rest != 0 {
      let bit = rest & (0 &- rest)
      if behindNumber & bit == 0 || numberCount == numberLimit { numberCount = 0 }
      if numberCount == 0 { starts |= bit }
      numberCount &+= 1
      rest &= rest &- 1
    }
    return starts
  }

  /// Those of some characters behind which one of `wanted`, or of `nextWanted` in the next block, stands.
  @inline(never)
  func before(
    _ wanted: UInt64, _ nextWanted: UInt64, _ characters: UInt64, _ offset: Int
  ) -> UInt64 {
    var found: UInt64 = 0
    var rest = characters
    while rest != 0 {
      let bit = rest.trailingZeroBitCount
      let end = bit &+ text.codePoint(at: offset &+ bit).length
      let isWanted =
        end < 64 ? wanted >> UInt64(end) & 1 : nextWanted >> UInt64(end &- 64) & 1
      found |= isWanted << UInt64(bit)
      rest &= rest &- 1
    }
    return found
  }

  /// White space on the line behind a run of newlines begins a piece, unless another newline follows.
  @inline(__always)
  private func behindLastNewline(
    _ block: BlockMasks, _ segment: UInt64, _ next: BlockMasks, _ offset: Int
  ) -> UInt64 {
    var candidates = segment & ~block.continuation & (block.newline << 1 | afterNewline)
    let (sum, reachesOut) = segment.addingReportingOverflow(candidates)
    var refuted = sum & ~segment & block.newline
    while refuted != 0 {
      let below = candidates & ((refuted & (0 &- refuted)) &- 1)
      candidates &= ~Self.highestBit(of: below)
      refuted &= refuted &- 1
    }
    if reachesOut, newlineFollows(next, at: offset &+ 64) {
      candidates &= ~Self.highestBit(of: candidates)
    }
    return candidates
  }

  @inline(__always)
  private static func highestBit(of bits: UInt64) -> UInt64 {
    bits == 0 ? 0 : 1 << UInt64(63 &- bits.leadingZeroBitCount)
  }

  /// Whether white space that goes on at an offset ends in a newline.
  @inline(never)
  private func newlineFollows(_ next: BlockMasks, at offset: Int) -> Bool {
    let segment = next.segment
    if segment != .max {
      return next.newline >> UInt64((~segment).trailingZeroBitCount) & 1 == 1
    }
    guard offset < text.count else { return false }
    let cursor = SchemeCursor(text)
    // The block is white space throughout, so its first byte begins a character or lies in one.
    let start = text[offset] & 0xC0 == 0x80 ? text.characterStart(before: offset) : offset
    return cursor.traits(at: cursor.endOfRun(from: start, of: .whiteSpace, without: .newline))
      .has(.newline)
  }
}

extension PieceBuffer {
  /// Takes the pieces that begin in the block at an offset, but not the text's first one.
  @inline(__always)
  mutating func append(starts: UInt64, at offset: Int, textLength: Int) {
    var starts = starts
    if offset == 0 { starts &= ~1 }
    if textLength &- offset < 64 { starts &= 1 << UInt64(textLength &- offset) &- 1 }
    append(starts: starts, at: offset)
  }
}
