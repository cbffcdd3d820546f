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

  /// No byte is anything.
  @inline(__always)
  init(space: UInt64 = 0) { self.space = space }

  /// The classes of 64 bytes; those that are not ASCII get none but ``wide``.
  @inline(__always)
  init(_ lanes: borrowing some ByteLanes, hasControls: Bool) {
    let newlines = lanes.mask(of: 0x0A) | lanes.mask(of: 0x0D)
    letter = lanes.letters
    asciiLetter = letter
    number = lanes.mask(of: 0x30...0x39)
    space = lanes.mask(of: 0x20)
    newline = newlines
    otherWhite = lanes.mask(of: 0x09...0x0D) & ~newlines
    apostrophe = lanes.mask(of: 0x27)
    wide = lanes.wide
    if hasControls {
      control = (lanes.mask(of: 0x00...0x1F) | lanes.mask(of: 0x7F)) & ~(otherWhite | newlines)
    }
  }
}
