/// Reads the tokens of a template into statements. Nesting is bounded, so that no template can
/// exhaust the stack.
struct TemplateParser {
  private let tokens: [TemplateToken]
  private var position = 0
  private var depth = 0
  /// The variables that were read in the macro at hand, or outside of macros.
  var names: Set<String> = []
  /// Whether `break` and `continue` have a loop to act on.
  var isInLoop = false

  init(_ tokens: [TemplateToken]) { self.tokens = tokens }

  /// The statements of a whole template.
  mutating func parse() throws(TemplateError) -> [Statement] {
    let body = try statements(until: [])
    if current.form != .end { throw unexpected("the end of the template") }
    return body
  }

  // MARK: Tokens

  var current: TemplateToken { token(at: position) }
  var next: TemplateToken { token(at: position + 1) }

  private func token(at index: Int) -> TemplateToken {
    index < tokens.count
      ? tokens[index] : TemplateToken(form: .end, offset: tokens.last?.offset ?? 0)
  }

  @discardableResult
  mutating func advance() -> TemplateToken {
    defer { position += 1 }
    return current
  }

  func isSymbol(_ text: String) -> Bool { current.form == .symbol(text) }
  func isName(_ text: String) -> Bool { current.form == .name(text) }

  /// Passes over a symbol, if it stands here.
  mutating func skip(_ symbol: String) -> Bool {
    if !isSymbol(symbol) { return false }
    advance()
    return true
  }

  /// Passes over a word, if it stands here.
  mutating func skipName(_ name: String) -> Bool {
    if !isName(name) { return false }
    advance()
    return true
  }

  mutating func expect(_ symbol: String) throws(TemplateError) {
    if !skip(symbol) { throw unexpected("'\(symbol)'") }
  }

  mutating func expectName() throws(TemplateError) -> String {
    guard case .name(let name) = current.form else { throw unexpected("a name") }
    advance()
    return name
  }

  mutating func expect(_ form: TemplateToken.Form) throws(TemplateError) {
    if current.form != form {
      throw unexpected(TemplateToken(form: form, offset: 0).description)
    }
    advance()
  }

  func unexpected(_ expected: String) -> TemplateError {
    TemplateError(
      .syntax, "expected \(expected), found \(current.description)", at: current.offset)
  }

  /// Runs one level deeper.
  mutating func nested<T>(
    _ body: (inout TemplateParser) throws(TemplateError) -> T
  ) throws(TemplateError) -> T {
    depth += 1
    defer { depth -= 1 }
    if depth > TemplateLimits.syntaxDepth {
      throw TemplateError(
        .limit, "the template is nested more than \(TemplateLimits.syntaxDepth) deep",
        at: current.offset)
    }
    return try body(&self)
  }

  // MARK: Statements

  /// Statements up to a block that begins with one of these words; the word is not read.
  mutating func statements(until ends: [String]) throws(TemplateError) -> [Statement] {
    try nested { (parser) throws(TemplateError) in try parser.readStatements(until: ends) }
  }

  private mutating func readStatements(
    until ends: [String]
  ) throws(TemplateError) -> [Statement] {
    var body: [Statement] = []
    while true {
      let token = current
      switch token.form {
      case .data(let bytes):
        advance()
        body.append(.text(bytes, offset: token.offset))
      case .variableBegin:
        advance()
        body.append(.output(try tupleOrExpression()))
        try expect(TemplateToken.Form.variableEnd)
      case .blockBegin:
        advance()
        guard case .name(let name) = current.form else { throw unexpected("the name of a tag") }
        if ends.contains(name) { return body }
        body.append(contentsOf: try statement(name))
        try expect(TemplateToken.Form.blockEnd)
      case .end:
        if ends.isEmpty { return body }
        throw unexpected(ends.map { "'\($0)'" }.joined(separator: " or "))
      case .variableEnd, .blockEnd, .name, .string, .integer, .double, .symbol:
        throw unexpected("text or a tag")
      }
    }
  }

  /// The body of a block, whose head is read, up to its end, which is read too.
  mutating func body(endingWith end: String) throws(TemplateError) -> [Statement] {
    try endHead()
    let body = try statements(until: [end])
    advance()
    return body
  }

  /// Passes over the end of a block's head; a colon may stand before it.
  mutating func endHead() throws(TemplateError) {
    _ = skip(":")
    try expect(TemplateToken.Form.blockEnd)
  }
}
