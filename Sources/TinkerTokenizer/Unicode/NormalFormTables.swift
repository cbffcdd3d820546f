/// The data of the four normal forms, of Unicode 9.0.
struct NormalFormTables: Sendable {
  static let shared = NormalFormTables()

  /// For every code point the forms that may change it, and whether it has a combining class.
  let check = CodePointTable(runs: NormalFormData.check)
  let classes = CodePointTable(runs: NormalFormData.classes)
  let canonical = CodePointMap(NormalFormData.canonical)
  let compatible = CodePointMap(NormalFormData.compatible)

  /// The composed character for two that stand next to each other, Hangul left out.
  private let compositions: [UInt64: UInt32]

  /// The bit of ``check`` for characters that have a combining class.
  static let hasClass: UInt8 = 16

  private init() {
    var compositions: [UInt64: UInt32] = [:]
    CodePointMap(NormalFormData.compositions).forEach { composed, parts in
      guard let first = parts.first, let second = parts.last else { return }
      compositions[Self.key(first, second)] = composed
    }
    self.compositions = compositions
  }

  private static func key(_ first: UInt32, _ second: UInt32) -> UInt64 {
    UInt64(first) << 32 | UInt64(second)
  }

  /// The character that two compose to, or `nil`.
  func composition(_ first: UInt32, _ second: UInt32) -> UInt32? {
    Hangul.composition(first, second) ?? compositions[Self.key(first, second)]
  }
}

/// The arithmetic of Hangul syllables (The Unicode Standard, section 3.12).
enum Hangul {
  private static let leads: Range<UInt32> = 0x1100..<0x1113
  private static let vowels: Range<UInt32> = 0x1161..<0x1176
  /// One trailing consonant fewer than this exist: the first place stands for none.
  private static let tails: Range<UInt32> = 0x11A7..<0x11C3
  private static let syllables: Range<UInt32> = 0xAC00..<0xD7A4
  private static let tailCount: UInt32 = 28
  private static let syllablesPerLead: UInt32 = 588

  static func composition(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if leads.contains(first), vowels.contains(second) {
      let lead = (first - leads.lowerBound) * syllablesPerLead
      return syllables.lowerBound + lead + (second - vowels.lowerBound) * tailCount
    }
    let isOpen =
      syllables.contains(first) && (first - syllables.lowerBound).isMultiple(of: tailCount)
    if isOpen, tails.contains(second), second != tails.lowerBound {
      return first + (second - tails.lowerBound)
    }
    return nil
  }

  /// Hands the two or three parts of a syllable on; `false` if this is none.
  static func decompose(_ codePoint: UInt32, _ emit: (UInt32) -> Void) -> Bool {
    guard syllables.contains(codePoint) else { return false }
    let index = codePoint - syllables.lowerBound
    emit(leads.lowerBound + index / syllablesPerLead)
    emit(vowels.lowerBound + index % syllablesPerLead / tailCount)
    let tail = index % tailCount
    if tail > 0 { emit(tails.lowerBound + tail) }
    return true
  }
}
