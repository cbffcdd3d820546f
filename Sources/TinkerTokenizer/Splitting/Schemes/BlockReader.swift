/// Reads a text block by block.
struct BlockReader: ~Escapable {
  private let text: Span<UInt8>
  private let classes: BlockClasses
  /// A character that reaches into the next block: how many of its bytes lie there, and its class.
  private var carriedLength = 0
  private var carriedClass = 0
  private var flags: UInt8 = 0

  /// All that ``NormalFormTables/check`` says of the characters so far, in one.
  var normalFormFlags: UInt8 { flags >> BlockClasses.classBits }

  @_lifetime(copy text)
  init(_ text: Span<UInt8>, _ classes: BlockClasses) {
    self.text = text
    self.classes = classes
  }

  /// The masks of the block that begins at an offset; blocks must be read in order. Behind the text
  /// there are spaces.
  @inline(__always)
  mutating func block(at offset: Int) -> BlockMasks {
    if offset >= text.count { return .afterEnd }
    var masks = text.count - offset >= 64 ? whole(at: offset) : tail(from: offset)
    if masks.wide != 0 || carriedLength != 0 { addWide(from: offset, to: &masks) }
    masks.other |=
      ~(masks.letter | masks.number | masks.whiteSpace | masks.control | masks.wide
      | masks.continuation)
    return masks
  }

  /// The classes of the ASCII bytes in a block that lies in the text.
  @inline(__always)
  private func whole(at offset: Int) -> BlockMasks {
    unsafe text.withUnsafeBytes { bytes in
      // The caller has seen that 64 bytes are left.
      unsafe BlockMasks(
        FastLanes(bytes.baseAddress.unsafelyUnwrapped + offset), hasControls: classes.hasControls)
    }
  }

  /// The classes of the ASCII bytes in the last block.
  @inline(never)
  private func tail(from offset: Int) -> BlockMasks {
    var rest = InlineArray<64, UInt8>(repeating: 0x20)
    for index in offset..<text.count { rest[index &- offset] = text[index] }
    return unsafe rest.span.withUnsafeBytes { bytes in
      // 64 bytes, never empty.
      unsafe BlockMasks(
        FastLanes(bytes.baseAddress.unsafelyUnwrapped), hasControls: classes.hasControls)
    }
  }

  /// Gives all bytes of the characters that are not ASCII their class.
  @inline(never)
  private mutating func addWide(from offset: Int, to masks: inout BlockMasks) {
    var found = InlineArray<8, UInt64>(repeating: 0)
    if carriedLength > 0 {
      let bits = (1 as UInt64) << UInt64(carriedLength) &- 1
      found[carriedClass] |= bits
      masks.continuation |= bits
      carriedLength = 0
    }
    var leads = masks.wide & ~masks.continuation
    while leads != 0 {
      let bit = leads.trailingZeroBitCount
      let character = text.codePoint(at: offset &+ bit)
      let entry = classes.table[character.codePoint]
      flags |= entry
      let characterClass = Int(entry & (1 << BlockClasses.classBits &- 1))
      let bits = ((1 as UInt64) << UInt64(character.length) &- 1) << UInt64(bit)
      found[characterClass] |= bits
      masks.continuation |= bits & ~(1 << UInt64(bit))
      leads &= ~bits
      if bit &+ character.length > 64 {
        carriedLength = bit &+ character.length &- 64
        carriedClass = characterClass
      }
    }
    masks.other |= found[Int(BlockClasses.other)]
    masks.letter |= found[Int(BlockClasses.letter)]
    masks.number |= found[Int(BlockClasses.number)]
    masks.otherWhite |= found[Int(BlockClasses.white)]
    masks.control |= found[Int(BlockClasses.control)]
    masks.ideograph |= found[Int(BlockClasses.ideograph)]
    masks.ideographSymbol |= found[Int(BlockClasses.ideographSymbol)]
    masks.ideographControl |= found[Int(BlockClasses.ideographControl)]
  }
}

/// What the characters that are not ASCII count as in ``BlockMasks``, and above that what
/// ``NormalFormTables/check`` says of them, so that one look-up answers both.
struct BlockClasses: Sendable {
  static let classBits: UInt8 = 3
  static let other: UInt8 = 0
  static let letter: UInt8 = 1
  static let number: UInt8 = 2
  static let white: UInt8 = 3
  static let control: UInt8 = 4
  static let ideograph: UInt8 = 5
  static let ideographSymbol: UInt8 = 6
  static let ideographControl: UInt8 = 7

  private(set) var table = CodePointTable()
  /// Whether controls are told apart from symbols.
  let hasControls: Bool

  /// Letters only, as in cl100k.
  static let letters = BlockClasses(hasControls: false) { traits in
    traits.has(.letter) ? letter : numberWhiteOrOther(traits)
  }

  /// Letters and marks as letters, as in Qwen 3.5.
  static let markedLetters = BlockClasses(hasControls: false) { traits in
    traits.has([.letter, .mark]) ? letter : numberWhiteOrOther(traits)
  }

  /// What DeepSeek tells apart.
  static let deepSeek = BlockClasses(hasControls: true) { traits in
    if traits.has(.number) { return number }
    let isIdeograph = traits.has(.ideograph)
    if traits.has([.letter, .mark]) { return isIdeograph ? ideograph : letter }
    if traits.has(.symbol) { return isIdeograph ? ideographSymbol : other }
    return traits.has(.whiteSpace) ? white : isIdeograph ? ideographControl : control
  }

  private static func numberWhiteOrOther(_ traits: CharacterTraits) -> UInt8 {
    traits.has(.number) ? number : traits.has(.whiteSpace) ? white : other
  }

  private init(hasControls: Bool, _ classOf: (CharacterTraits) -> UInt8) {
    self.hasControls = hasControls
    for raw in 0..<CharacterKind.count {
      let kind = UInt8(truncatingIfNeeded: raw)
      let members = CharacterKind.set { $0.rawValue == kind }
      var traits = CharacterTraits(CharacterKind(rawValue: kind))
      add(members.subtracting(CharacterTraits.ideographs), classOf(traits))
      traits.insert(.ideograph)
      add(members.intersection(CharacterTraits.ideographs), classOf(traits))
    }
    let check = CodePointTable(runs: NormalFormData.check)
    table = table.combined(with: check, shift: Self.classBits)
  }

  private mutating func add(_ members: CodePointSet, _ value: UInt8) {
    for range in members.ranges { table.set(range.lowerBound..<(range.upperBound + 1), to: value) }
  }
}
