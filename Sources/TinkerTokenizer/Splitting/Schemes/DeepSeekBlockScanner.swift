/// DeepSeek's three splits, 64 bytes at a time.
///
/// Numbers in threes, then runs of ideographs (kana included), and then, inside each run and each stretch
/// between runs and numbers:
/// `ASCII symbol [A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+`
/// `|\s+(?!\S)|\s+`. What is left over between matches is a piece as well.
struct DeepSeekBlockScanner: ~Escapable {
  private var rules: BlockRules
  // The last byte of the block before: was it a letter, …?
  private var afterLetter: UInt64 = 0
  private var afterControl: UInt64 = 0
  private var afterIdeograph: UInt64 = 0
  private var afterIdeographSymbol: UInt64 = 0
  private var afterIdeographControl: UInt64 = 0
  /// … an ASCII symbol that began a piece?
  private var afterFirstSymbol: UInt64 = 0
  /// … an ASCII letter that belongs to such a symbol?
  private var afterSymbolLetter: UInt64 = 0

  @_lifetime(copy text)
  init(_ text: Span<UInt8>) { rules = BlockRules(text, numberLimit: 3) }

  /// Appends all pieces of a text.
  ///
  /// - Returns: all that ``NormalFormTables/check`` says of its characters.
  static func split(_ text: Span<UInt8>, into pieces: inout PieceBuffer) -> UInt8 {
    guard !text.isEmpty else { return 0 }
    var reader = BlockReader(text, .deepSeek)
    var scanner = DeepSeekBlockScanner(text)
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

  @inline(__always)
  private mutating func starts(_ block: BlockMasks, next: BlockMasks, at offset: Int) -> UInt64 {
    let isFirst = ~block.continuation
    let others = rules.firstOthers(block)

    // An ASCII symbol takes the ASCII letters behind it; another letter behind those begins a piece.
    let symbols = others & ~block.wide
    let taken = block.asciiLetter & (symbols << 1 | afterFirstSymbol)
    let (sum, reachesOut) = block.asciiLetter.addingReportingOverflow(taken | afterSymbolLetter)
    let behindTaken = sum & ~block.asciiLetter & block.letter & isFirst
    afterFirstSymbol = symbols >> 63
    afterSymbolLetter = reachesOut ? 1 : 0

    // Letters begin a piece unless white space on their line or a control stands before them.
    let letters =
      block.letter & isFirst & ~(block.letter << 1 | afterLetter)
      & ~(block.segment << 1 | rules.afterSegment) & ~(block.control << 1 | afterControl) & ~taken
    afterLetter = block.letter >> 63

    var starts = others | letters | behindTaken
    if block.control | afterControl != 0 { starts |= controls(block, next, offset) }
    let ideographs = block.ideograph | block.ideographSymbol | block.ideographControl
    if ideographs | afterIdeograph | afterIdeographSymbol | afterIdeographControl != 0 {
      starts |= self.ideographs(block, next, offset)
    }
    return starts
      | rules.numbersAndWhite(
        block, next: next, texts: block.letter | block.other | block.control,
        nextTexts: next.letter | next.other | next.control, at: offset)
  }

  /// The first control of a run, and the last one if a letter follows.
  @inline(never)
  private mutating func controls(_ block: BlockMasks, _ next: BlockMasks, _ offset: Int) -> UInt64 {
    let controls = block.control & ~block.continuation
    let starts =
      controls & ~(block.control << 1 | afterControl)
      | rules.before(block.letter, next.letter, controls, offset)
    afterControl = block.control >> 63
    return starts
  }

  /// The same rules inside a run of ideographs, where neither white space nor ASCII is.
  @inline(never)
  private mutating func ideographs(
    _ block: BlockMasks, _ next: BlockMasks, _ offset: Int
  ) -> UInt64 {
    let isFirst = ~block.continuation
    let controls = block.ideographControl & isFirst
    let behindControl = block.ideographControl << 1 | afterIdeographControl
    let starts =
      block.ideograph & isFirst & ~(block.ideograph << 1 | afterIdeograph) & ~behindControl
      | block.ideographSymbol & isFirst & ~(block.ideographSymbol << 1 | afterIdeographSymbol)
      | controls & ~behindControl
      | rules.before(block.ideograph, next.ideograph, controls, offset)
    afterIdeograph = block.ideograph >> 63
    afterIdeographSymbol = block.ideographSymbol >> 63
    afterIdeographControl = block.ideographControl >> 63
    return starts
  }
}
