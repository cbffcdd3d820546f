/// What each of 64 bytes is, one bit a byte, lowest first. All bytes of a character have its class.
struct BlockMasks {
  var letter: UInt64 = 0
  var number: UInt64 = 0
  /// U+0020 only.
  var space: UInt64 = 0
  /// White space other than U+0020, CR and LF.
  var otherWhite: UInt64 = 0
  /// CR or LF.
  var newline: UInt64 = 0
  /// None of the others. Where controls are told apart: punctuation and symbols.
  var other: UInt64 = 0
  /// Where they are told apart: controls, format characters, what is unassigned or private.
  var control: UInt64 = 0
  /// Where they are told apart: the letters and marks, the symbols, and the rest among ideographs.
  var ideograph: UInt64 = 0
  var ideographSymbol: UInt64 = 0
  var ideographControl: UInt64 = 0
  var asciiLetter: UInt64 = 0
  /// Bytes of a character behind its first one.
  var continuation: UInt64 = 0
  var apostrophe: UInt64 = 0
  /// Bytes that are not ASCII.
  var wide: UInt64 = 0

  /// 64 spaces, which is what the end of a text looks like.
  static let afterEnd = BlockMasks(space: .max)

  /// White space on one line.
  var segment: UInt64 { space | otherWhite }
  var whiteSpace: UInt64 { space | otherWhite | newline }

  /// Adds the controls of eight bytes, white space among them.
  @inline(__always)
  mutating func addControls(_ word: UInt64, at shift: UInt64) {
    let low = word & Self.each(0x7F)
    let controls = ~(low &+ Self.each(0x80 - 0x20)) | Self.equal(low, 0x7F)
    control |= Self.gather(controls & ~word) << shift
  }

  /// Adds eight bytes, which are a number with the first byte lowest. Only ASCII gets a class.
  ///
  /// Adding to each byte at once: a byte below 128 plus 128 - x has its high bit set from x on.
  @inline(__always)
  mutating func add(_ word: UInt64, at shift: UInt64) {
    let low = word & Self.each(0x7F)
    let folded = low | Self.each(0x20)
    let ascii = ~word
    let letters = (folded &+ Self.each(0x80 - 0x61)) & ~(folded &+ Self.each(0x7F - 0x7A)) & ascii
    let numbers = (low &+ Self.each(0x80 - 0x30)) & ~(low &+ Self.each(0x7F - 0x39)) & ascii
    let controls = (low &+ Self.each(0x80 - 0x09)) & ~(low &+ Self.each(0x7F - 0x0D)) & ascii
    let newlines = (Self.equal(low, 0x0A) | Self.equal(low, 0x0D)) & ascii
    letter |= Self.gather(letters) << shift
    number |= Self.gather(numbers) << shift
    otherWhite |= Self.gather(controls & ~newlines) << shift
    newline |= Self.gather(newlines) << shift
    space |= Self.gather(Self.equal(low, 0x20) & ascii) << shift
    apostrophe |= Self.gather(Self.equal(low, 0x27) & ascii) << shift
    wide |= Self.gather(word) << shift
  }

  /// The byte in all eight places.
  @inline(__always)
  private static func each(_ byte: UInt64) -> UInt64 { byte &* 0x0101_0101_0101_0101 }

  /// The high bit of every byte that has a value; all bytes are below 128.
  @inline(__always)
  private static func equal(_ word: UInt64, _ byte: UInt64) -> UInt64 {
    ~((word ^ each(byte)) &+ each(0x7F))
  }

  /// The high bits of eight bytes, side by side.
  @inline(__always)
  private static func gather(_ word: UInt64) -> UInt64 {
    (((word & each(0x80)) >> 7) &* 0x0102_0408_1020_4080) >> 56
  }
}
