/// Writes a parsed expression over atoms in the dialect of PCRE2, as ASCII.
struct ExpressionWriter {
  let atoms: CharacterAtoms
  private(set) var pattern: [UInt8] = []

  init(atoms: CharacterAtoms) { self.atoms = atoms }

  /// All sets that an expression asks about.
  static func sets(of node: ExpressionNode) -> Set<CodePointSet> {
    switch node {
    case .character(let set): [set]
    case .sequence(let nodes), .alternatives(let nodes):
      nodes.reduce(into: []) { $0.formUnion(sets(of: $1)) }
    case .repetition(let node, _, _), .atomic(let node), .look(_, let node): sets(of: node)
    case .assertion(.lineStart), .assertion(.lineEnd), .assertion(.lastLineEnd):
      [CharacterSets.newline]
    case .assertion(.wordBorder), .assertion(.noWordBorder): [CharacterSets.word]
    case .assertion: []
    }
  }

  mutating func write(_ node: ExpressionNode) {
    switch node {
    case .character(let set): writeSet(set)
    case .sequence(let nodes):
      for node in nodes { writeItem(node) }
    case .alternatives(let nodes):
      for (index, node) in nodes.enumerated() {
        if index > 0 { write("|") }
        write(node)
      }
    case .repetition(let node, let count, let mode): writeRepetition(of: node, count, mode)
    case .atomic(let node): writeGroup("(?>", node)
    case .look(let look, let node): writeGroup(look.rawValue, node)
    case .assertion(let assertion): writeAssertion(assertion)
    }
  }

  /// An item of a sequence: alternatives need a group around them there.
  private mutating func writeItem(_ node: ExpressionNode) {
    if case .alternatives = node { writeGroup("(?:", node) } else { write(node) }
  }

  private mutating func writeGroup(_ start: String, _ node: ExpressionNode) {
    write(start)
    write(node)
    write(")")
  }

  private mutating func writeRepetition(
    of node: ExpressionNode, _ count: RepetitionCount, _ mode: RepetitionMode
  ) {
    if case .character = node { write(node) } else { writeGroup("(?:", node) }
    write("{\(count.minimum),\(count.maximum.map { String($0) } ?? "")}")
    switch mode {
    case .greedy: break
    case .lazy: write("?")
    case .possessive: write("+")
    }
  }

  private mutating func writeAssertion(_ assertion: Assertion) {
    switch assertion {
    case .textStart: write("\\A")
    case .textEnd: write("\\z")
    case .lastLineEnd: writeAround("(?=", CharacterSets.newline, "?\\z)")
    case .lineEnd: writeAround("(?:\\z|(?=", CharacterSets.newline, "))")
    // Behind a newline that ends the text, no line starts.
    case .lineStart: writeAround("(?:\\A|(?<=", CharacterSets.newline, ")(?!\\z))")
    case .wordBorder: writeWordBorder(isBorder: true)
    case .noWordBorder: writeWordBorder(isBorder: false)
    }
  }

  private mutating func writeWordBorder(isBorder: Bool) {
    let word = CharacterSets.word
    writeAround("(?:(?<=", word, ")")
    writeAround(isBorder ? "(?!" : "(?=", word, ")|")
    writeAround("(?<!", word, ")")
    writeAround(isBorder ? "(?=" : "(?!", word, "))")
  }

  private mutating func writeAround(_ start: String, _ set: CodePointSet, _ end: String) {
    write(start)
    writeSet(set)
    write(end)
  }

  private mutating func writeSet(_ set: CodePointSet) {
    let members = atoms.members[set] ?? []
    if members.isEmpty {
      write("(?!)")
      return
    }
    write("[")
    for atom in members { writeHex(atom) }
    write("]")
  }

  private mutating func writeHex(_ atom: UInt8) {
    let digits = Array("0123456789abcdef".utf8)
    write("\\x")
    pattern.append(digits[Int(atom >> 4)])
    pattern.append(digits[Int(atom & 15)])
  }

  private mutating func write(_ text: String) { pattern.append(contentsOf: text.utf8) }
}
