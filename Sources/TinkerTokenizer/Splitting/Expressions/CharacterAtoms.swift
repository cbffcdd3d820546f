/// The kinds of characters that an expression can tell apart, one byte each.
///
/// An expression only asks of a character whether it is in this or that set. All characters that get
/// the same answers are one atom, so a text can be searched as a string of atoms: one byte a character,
/// sets as sets of bytes. The engine then needs no Unicode data, which would be of another version.
struct CharacterAtoms: Sendable {
  private(set) var table = CodePointTable()
  /// For every set its atoms.
  private(set) var members: [CodePointSet: [UInt8]] = [:]

  /// Atoms for some sets; `nil` if there are more than a byte can count.
  init?(of sets: Set<CodePointSet>) {
    let sets = Array(sets)
    for set in sets { members[set] = [] }
    // Every border of a set is a place where its answer changes.
    let changes = sets.indices.flatMap { set in sets[set].borders.map { (place: $0, set: set) } }
      .sorted { $0.place < $1.place }
    var answers = [Bool](repeating: false, count: sets.count)
    var atoms: [[Bool]: UInt8] = [:]
    var start: UInt32 = 0
    var next = 0
    while start < CodePointSet.limit {
      while next < changes.count, changes[next].place == start {
        answers[changes[next].set].toggle()
        next += 1
      }
      let end = next < changes.count ? changes[next].place : CodePointSet.limit
      if atoms[answers] == nil {
        guard let atom = UInt8(exactly: atoms.count) else { return nil }
        atoms[answers] = atom
        for (set, isMember) in zip(sets, answers) where isMember { members[set]?.append(atom) }
      }
      table.set(start..<end, to: atoms[answers] ?? 0)
      start = end
    }
  }

  /// The atoms of a text, one for each character.
  func atoms(of text: Span<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      let character = text.codePoint(at: index)
      result.append(table[character.codePoint])
      index += character.length
    }
    return result
  }
}
