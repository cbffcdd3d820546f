/// The general categories, numbered as the generated tables number them. Surrogates are in no text.
enum GeneralCategory: UInt8, CaseIterable, Sendable {
  case Cn, Cc, Cf, Co, Lu, Ll, Lt, Lm, Lo, Mn, Mc, Me, Nd, Nl, No
  case Pc, Pd, Ps, Pe, Pi, Pf, Po, Sm, Sc, Sk, So, Zs, Zl, Zp

  /// The name, as `Lu`; its first letter is the name of the group.
  var name: String { "\(self)" }
}

/// What the generated table of categories says of a code point (Unicode 16.0).
struct CharacterKind: Sendable {
  /// The category, + 32 for Han, + 64 for White_Space.
  let rawValue: UInt8

  /// There are this many raw values.
  static let count = 128

  static let table = CodePointTable(runs: CategoryData.kinds)

  var category: GeneralCategory { GeneralCategory(rawValue: rawValue & 31) ?? .Cn }
  var isHan: Bool { rawValue & 32 != 0 }
  var isWhiteSpace: Bool { rawValue & 64 != 0 }

  /// The code points whose kind passes a test.
  static func set(where test: (CharacterKind) -> Bool) -> CodePointSet {
    var start: UInt32 = 0
    var ranges: [ClosedRange<UInt32>] = []
    var numbers = PackedNumbers(CategoryData.kinds)
    while let length = numbers.next(), let value = numbers.next() {
      if test(CharacterKind(rawValue: UInt8(truncatingIfNeeded: value))) {
        ranges.append(start...(start + length - 1))
      }
      start += length
    }
    return CodePointSet(ascending: ranges)
  }
}
