/// Reads a regular expression in the dialect of the reference (Ruby's, of Oniguruma).
///
/// Not read, and refused by name: back references, calls of groups, conditions, absent operators,
/// `\G \K \X`, POSIX brackets, and properties other than categories and `Han`.
struct ExpressionParser {
  /// Groups may be nested this deep.
  static let depthLimit = 100

  var scanner: ExpressionScanner
  private var depth = 0

  /// The options that `(?imx)` switches.
  struct Options {
    var ignoresCase = false
    var dotMatchesNewline = false
    var isExtended = false
  }
  var options = Options()

  private init(_ pattern: String) { scanner = ExpressionScanner(pattern) }

  static func parse(_ pattern: String) throws(ExpressionError) -> ExpressionNode {
    var parser = ExpressionParser(pattern)
    let node = try parser.parseAlternatives()
    guard parser.scanner.isAtEnd else { throw .malformed(expected: "no unopened `)`") }
    return node
  }

  /// Alternatives up to the end or a closing bracket, which is not taken.
  private mutating func parseAlternatives() throws(ExpressionError) -> ExpressionNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else {
      throw .malformed(expected: "groups nested at most \(Self.depthLimit) deep")
    }
    let outside = options
    defer { options = outside }
    var branches: [ExpressionNode] = []
    repeat { branches.append(try parseSequence()) } while scanner.take("|")
    return branches.count == 1 ? branches[0] : .alternatives(branches)
  }

  private mutating func parseSequence() throws(ExpressionError) -> ExpressionNode {
    var items: [ExpressionNode] = []
    while true {
      if options.isExtended, skipExtendedSpace() { continue }
      guard let scalar = scanner.next, scalar != "|", scalar != ")" else { break }
      guard var item = try parseItem() else { continue }
      var repetitions = 0
      while let quantified = try parseQuantifier(of: item) {
        item = quantified
        repetitions += 1
        guard repetitions <= Self.depthLimit else {
          throw .malformed(expected: "at most \(Self.depthLimit) repetitions of one item")
        }
      }
      items.append(item)
    }
    return items.count == 1 ? items[0] : .sequence(items)
  }

  /// Skips one space or comment; only where `(?x)` holds.
  private mutating func skipExtendedSpace() -> Bool {
    guard let scalar = scanner.next else { return false }
    if scalar == "#" {
      if scanner.take(upTo: "\n") == nil { while scanner.take() != nil {} }
      return true
    }
    guard [" ", "\t", "\n", "\r", "\u{0B}", "\u{0C}"].contains(scalar) else { return false }
    return scanner.take() != nil
  }

  // MARK: Quantifiers

  private mutating func parseQuantifier(
    of item: ExpressionNode
  ) throws(ExpressionError) -> ExpressionNode? {
    if options.isExtended { while skipExtendedSpace() {} }
    if let count = scanner.takeInterval() {
      if let maximum = count.maximum, maximum < count.minimum {
        throw .malformed(expected: "an interval that is not empty")
      }
      // Intervals are never possessive, and a fixed one is never lazy: what follows repeats them.
      let isLazy = count.minimum != count.maximum && scanner.take("?")
      return .repetition(item, count: count, mode: isLazy ? .lazy : .greedy)
    }
    let count: RepetitionCount
    if scanner.take("?") {
      count = RepetitionCount(minimum: 0, maximum: 1)
    } else if scanner.take("*") {
      count = RepetitionCount(minimum: 0, maximum: nil)
    } else if scanner.take("+") {
      count = RepetitionCount(minimum: 1, maximum: nil)
    } else {
      return nil
    }
    let mode: RepetitionMode =
      scanner.take("?") ? .lazy : scanner.take("+") ? .possessive : .greedy
    return .repetition(item, count: count, mode: mode)
  }

  // MARK: Items

  /// The next item, or `nil` if it was a comment.
  private mutating func parseItem() throws(ExpressionError) -> ExpressionNode? {
    guard let scalar = scanner.take() else { return nil }
    switch scalar {
    case "(": return try parseGroup()
    case "[": return .character(try parseClass())
    case "\\": return try parseEscape()
    case ".":
      return .character(options.dotMatchesNewline ? .all : CharacterSets.newline.complement)
    case "^": return .assertion(.lineStart)
    case "$": return .assertion(.lineEnd)
    case "?", "*", "+": throw .malformed(expected: "something to repeat before `\(scalar)`")
    default: return literal(scalar.value)
    }
  }

  private func literal(_ codePoint: UInt32) -> ExpressionNode {
    .character(
      options.ignoresCase
        ? CaseFolding.shared.equals(of: codePoint) : CodePointSet(codePoint...codePoint))
  }

  private mutating func parseGroup() throws(ExpressionError) -> ExpressionNode? {
    guard scanner.take("?") else { return try parseGroupContent() }
    if scanner.take("#") {
      guard scanner.take(upTo: ")") != nil else { throw .malformed(expected: "`)`") }
      return nil
    }
    if scanner.take(":") { return try parseGroupContent() }
    if scanner.take(">") { return .atomic(try parseGroupContent()) }
    for look in [Look.ahead, .notAhead, .behind, .notBehind]
    where scanner.take(String(look.rawValue.dropFirst(2))) {
      return .look(look, try parseGroupContent())
    }
    if scanner.take("<") {
      guard scanner.take(upTo: ">") != nil else { throw .malformed(expected: "`>`") }
      return try parseGroupContent()
    }
    return try parseOptions()
  }

  private mutating func parseGroupContent() throws(ExpressionError) -> ExpressionNode {
    let content = try parseAlternatives()
    guard scanner.take(")") else { throw .malformed(expected: "`)`") }
    return content
  }

  /// `(?i-m:…)`, or `(?i-m)`, which holds up to the end of the group and takes its alternatives along.
  private mutating func parseOptions() throws(ExpressionError) -> ExpressionNode {
    let outside = options
    defer { options = outside }
    var isOn = true
    while let scalar = scanner.take() {
      switch scalar {
      case "-": isOn = false
      case "i": options.ignoresCase = isOn
      case "m": options.dotMatchesNewline = isOn
      case "x": options.isExtended = isOn
      case ":": return try parseGroupContent()
      case ")": return try parseAlternatives()
      default: throw .unsupported("(?\(scalar)")
      }
    }
    throw .malformed(expected: "`)`")
  }
}
