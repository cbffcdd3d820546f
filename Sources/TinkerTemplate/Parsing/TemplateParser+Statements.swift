/// The tags.
extension TemplateParser {
  /// The statements of the tag whose name stands here.
  mutating func statement(_ name: String) throws(TemplateError) -> [Statement] {
    let offset = current.offset
    advance()
    switch name {
    case "if": return [try branches()]
    case "for": return [.loop(try forLoop(offset))]
    case "set": return [try assignment(offset)]
    case "macro":
      return [.macro(try macro(named: try expectName(), until: "endmacro", offset))]
    case "call": return [try callBlock(offset)]
    case "filter":
      let filters = try filterChain()
      return [.filterBlock(filters, body: try body(endingWith: "endfilter"), offset: offset)]
    case "with": return [try with()]
    case "block":
      let name = try expectName()
      while skipName("scoped") || skipName("required") {}
      let body = try body(endingWith: "endblock")
      _ = skipName(name)
      return [.scope(body)]
    case "generation": return [.generation(try body(endingWith: "endgeneration"), offset: offset)]
    case "autoescape":
      _ = try expression()
      return [.scope(try body(endingWith: "endautoescape"))]
    case "print": return try printed()
    case "break", "continue":
      if !isInLoop {
        throw TemplateError(.syntax, "'\(name)' stands outside of a loop", at: offset)
      }
      return [name == "break" ? .leaveLoop : .nextRound]
    case "include", "import", "from", "extends":
      throw TemplateError(
        .unsupported, "'\(name)' needs other templates, and a chat template stands alone",
        at: offset)
    default:
      throw TemplateError(.syntax, "there is no tag '\(name)' here", at: offset)
    }
  }

  private mutating func branches() throws(TemplateError) -> Statement {
    var branches: [(condition: Expression, body: [Statement])] = []
    while true {
      let condition = try tupleOrExpression(allowsConditional: false)
      try endHead()
      branches.append((condition, try statements(until: ["elif", "else", "endif"])))
      guard case .name(let word) = advance().form else { throw unexpected("a tag") }
      if word == "elif" { continue }
      if word == "else" {
        return .branches(branches, otherwise: try body(endingWith: "endif"))
      }
      return .branches(branches, otherwise: [])
    }
  }

  private mutating func forLoop(_ offset: Int) throws(TemplateError) -> ForLoop {
    let target = try target(allowsMembers: false, until: "in")
    if !skipName("in") { throw unexpected("'in'") }
    let sequence = try tupleOrExpression(allowsConditional: false, until: "recursive")
    let condition = skipName("if") ? try expression() : nil
    let isRecursive = skipName("recursive")
    try endHead()
    let wasInLoop = isInLoop
    isInLoop = true
    let body = try statements(until: ["endfor", "else"])
    isInLoop = wasInLoop
    var otherwise: [Statement] = []
    if case .name("else") = advance().form { otherwise = try self.body(endingWith: "endfor") }
    return ForLoop(
      target: target, sequence: sequence, condition: condition, isRecursive: isRecursive,
      body: body, otherwise: otherwise, offset: offset)
  }

  private mutating func assignment(_ offset: Int) throws(TemplateError) -> Statement {
    let target = try target(allowsMembers: true, until: nil)
    if skip("=") { return .assign(target, try tupleOrExpression()) }
    let filters = isSymbol("|") ? try filterLinks() : []
    return .assignBlock(
      target, filters: filters, body: try detachedBody(endingWith: "endset"), offset: offset)
  }

  private mutating func with() throws(TemplateError) -> Statement {
    var values: [(target: Target, value: Expression)] = []
    while current.form != .blockEnd {
      if !values.isEmpty { try expect(",") }
      let target = try singleTarget(allowsMembers: false)
      try expect("=")
      values.append((target, try expression()))
    }
    return .with(values, body: try body(endingWith: "endwith"))
  }

  private mutating func printed() throws(TemplateError) -> [Statement] {
    var out: [Statement] = []
    while current.form != .blockEnd {
      if !out.isEmpty { try expect(",") }
      out.append(.output(try expression()))
    }
    return out
  }

  /// A body that a loop around it does not reach into.
  private mutating func detachedBody(endingWith end: String) throws(TemplateError) -> [Statement] {
    let wasInLoop = isInLoop
    isInLoop = false
    defer { isInLoop = wasInLoop }
    return try body(endingWith: end)
  }

  // MARK: Macros

  private mutating func macro(
    named name: String, until end: String, _ offset: Int
  ) throws(TemplateError) -> MacroDefinition {
    let outer = names
    names = []
    defer { names.formUnion(outer) }
    let parameters = try parameters()
    let body = try detachedBody(endingWith: end)
    return MacroDefinition(
      name: name, parameters: parameters, body: body, names: names, offset: offset)
  }

  private mutating func parameters() throws(TemplateError) -> [(
    name: String, initial: Expression?
  )] {
    var out: [(name: String, initial: Expression?)] = []
    try expect("(")
    while !isSymbol(")") {
      if !out.isEmpty { try expect(",") }
      let place = current.offset
      let name = try expectName()
      if skip("=") {
        out.append((name, try expression()))
      } else {
        if out.last?.initial != nil {
          throw TemplateError(
            .syntax, "the parameter '\(name)' needs a default, as the one before it has", at: place)
        }
        out.append((name, nil))
      }
    }
    try expect(")")
    return out
  }

  private mutating func callBlock(_ offset: Int) throws(TemplateError) -> Statement {
    let parameters = isSymbol("(") ? try parameters() : []
    let call = try expression()
    guard case .chain(_, let links) = call.form, case .call? = links.last?.form else {
      throw TemplateError(.syntax, "a call block needs a call", at: offset)
    }
    let body = try detachedBody(endingWith: "endcall")
    return .call(
      call,
      MacroDefinition(
        name: "caller", parameters: parameters, body: body, names: names, offset: offset))
  }

  // MARK: Targets

  /// What is assigned to, several with commas included.
  private mutating func target(
    allowsMembers: Bool, until end: String?
  ) throws(TemplateError) -> Target {
    let offset = current.offset
    var targets = [try singleTarget(allowsMembers: allowsMembers)]
    var isTuple = false
    while skip(",") {
      isTuple = true
      if isSymbol("=") || current.form == .blockEnd { break }
      if let end, isName(end) { break }
      targets.append(try singleTarget(allowsMembers: allowsMembers))
    }
    return isTuple ? .tuple(targets, offset: offset) : targets[0]
  }

  private mutating func singleTarget(allowsMembers: Bool) throws(TemplateError) -> Target {
    let offset = current.offset
    if skip("(") {
      let inner = try nested { (parser) throws(TemplateError) in
        try parser.target(allowsMembers: allowsMembers, until: nil)
      }
      try expect(")")
      return inner
    }
    let name = try expectName()
    if allowsMembers, skip(".") {
      return .member(namespace: name, name: try expectName(), offset: offset)
    }
    if ["true", "false", "none", "True", "False", "None"].contains(name) {
      throw TemplateError(.syntax, "'\(name)' cannot be assigned to", at: offset)
    }
    return .name(name)
  }
}
