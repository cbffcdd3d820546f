/// The sets that expressions name, of Unicode 16.0.
enum CharacterSets {
  static let newline = CodePointSet(0x0A...0x0A)
  static let whiteSpace = CharacterKind.set { $0.isWhiteSpace }
  static let digit = CharacterKind.set { $0.category == .Nd }
  static let word = CodePointSet(distances: WordData.patternWord)
  static let hexDigit = CodePointSet(ascending: [0x30...0x39, 0x41...0x46, 0x61...0x66])

  /// The set of a property: a category, a group of categories, or `Han`. Case, spaces, `-` and `_` in
  /// the name do not count.
  static func property(_ name: String) -> CodePointSet? {
    let plain = name.lowercased().filter { !" -_".contains($0) }
    if plain == "han" { return CharacterKind.set { $0.isHan } }
    let wanted = GeneralCategory.allCases.filter { category in
      let own = category.name.lowercased()
      return own == plain || own.prefix(1) == plain
    }
    return wanted.isEmpty ? nil : CharacterKind.set { wanted.contains($0.category) }
  }
}

/// Simple case folding of Unicode 16.0.
struct CaseFolding: Sendable {
  static let shared = CaseFolding()

  private let classes: [[UInt32]]
  private let classOf: [UInt32: Int]

  private init() {
    var classes: [[UInt32]] = []
    var classOf: [UInt32: Int] = [:]
    var numbers = PackedNumbers(FoldData.classes)
    while let count = numbers.next() {
      let members = (0..<count).compactMap { _ in numbers.next() }
      for member in members { classOf[member] = classes.count }
      classes.append(members)
    }
    self.classes = classes
    self.classOf = classOf
  }

  /// The character with all that are equal to it but for case.
  func equals(of codePoint: UInt32) -> CodePointSet {
    guard let index = classOf[codePoint] else { return CodePointSet(codePoint...codePoint) }
    return CodePointSet(ascending: classes[index].map { $0...$0 })
  }

  /// The set with all characters that are equal to a member but for case.
  func closure(of set: CodePointSet) -> CodePointSet {
    let missing = classes.filter { $0.contains(where: set.contains) }.joined().sorted()
    return set.union(CodePointSet(ascending: missing.map { $0...$0 }))
  }
}
