/// What the fixed splitting schemes ask of a character.
struct CharacterTraits: OptionSet, Sendable {
  let rawValue: UInt16

  static let letter = CharacterTraits(rawValue: 1)
  static let mark = CharacterTraits(rawValue: 2)
  static let number = CharacterTraits(rawValue: 4)
  /// White space, CR and LF included.
  static let whiteSpace = CharacterTraits(rawValue: 8)
  /// CR or LF.
  static let newline = CharacterTraits(rawValue: 16)
  /// Punctuation or symbol.
  static let symbol = CharacterTraits(rawValue: 32)
  /// Han, whatever the category.
  static let han = CharacterTraits(rawValue: 64)
  /// What may begin a word with case: Lu, Lt, Lm, Lo, M.
  static let upper = CharacterTraits(rawValue: 128)
  /// What may end a word with case: Ll, Lm, Lo, M.
  static let lower = CharacterTraits(rawValue: 256)
  /// U+4E00–9FA5 and U+3040–30FF, which DeepSeek keeps apart.
  static let ideograph = CharacterTraits(rawValue: 512)
  /// The end of the text.
  static let end = CharacterTraits(rawValue: 1024)

  /// The characters with the trait ``ideograph``.
  static let ideographs = CodePointSet(ascending: [0x3040...0x30FF, 0x4E00...0x9FA5])

  init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The traits that follow from the category.
  init(_ kind: CharacterKind) {
    self =
      switch kind.category {
      case .Lu, .Lt: [.letter, .upper]
      case .Ll: [.letter, .lower]
      case .Lm, .Lo: [.letter, .upper, .lower]
      case .Mn, .Mc, .Me: [.mark, .upper, .lower]
      case .Nd, .Nl, .No: .number
      case .Pc, .Pd, .Ps, .Pe, .Pi, .Pf, .Po, .Sm, .Sc, .Sk, .So: .symbol
      case .Cn, .Cc, .Cf, .Co, .Zs, .Zl, .Zp: []
      }
    if kind.isHan { insert(.han) }
    if kind.isWhiteSpace { insert(.whiteSpace) }
  }

  @inline(__always)
  func has(_ any: CharacterTraits) -> Bool { rawValue & any.rawValue != 0 }
}

/// The traits of all characters.
struct TraitTable: Sendable {
  static let shared = TraitTable()

  private let kinds = CharacterKind.table
  private let ofKind: [CharacterTraits]
  private let ofASCII: [CharacterTraits]

  private init() {
    ofKind = (0..<CharacterKind.count).map {
      CharacterTraits(CharacterKind(rawValue: UInt8(truncatingIfNeeded: $0)))
    }
    var ascii = (0..<128 as Range<UInt32>).map {
      CharacterTraits(CharacterKind(rawValue: CharacterKind.table[$0]))
    }
    ascii[0x0A].insert(.newline)
    ascii[0x0D].insert(.newline)
    ofASCII = ascii
  }

  @inline(__always)
  func ofASCII(_ byte: UInt8) -> CharacterTraits { ofASCII[Int(byte & 0x7F)] }

  func of(_ codePoint: UInt32) -> CharacterTraits {
    if codePoint < 0x80 { return ofASCII[Int(codePoint)] }
    return ofKind[Int(kinds[codePoint] & 0x7F)]
  }
}
