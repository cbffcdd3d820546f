import TinkerJSON

/// Expressions, from the loosest operator to the tightest.
extension TemplateParser {
  /// How many conditions or tests may follow one value: each nests the one before.
  private static let chainLimit = 8

  private func tooMany(_ what: String) -> TemplateError {
    TemplateError(.limit, "more than \(Self.chainLimit) \(what) in a row", at: current.offset)
  }

  /// An expression, or several with commas, which are a tuple.
  mutating func tupleOrExpression(
    allowsConditional: Bool = true, until end: String? = nil, inParentheses: Bool = false
  ) throws(TemplateError) -> Expression {
    let offset = current.offset
    var items: [Expression] = []
    var isTuple = false
    while !isTupleEnd(end) {
      items.append(try expression(allowsConditional: allowsConditional))
      if !skip(",") { break }
      isTuple = true
    }
    if !isTuple, let only = items.first { return only }
    if items.isEmpty, !inParentheses { throw unexpected("an expression") }
    return Expression(form: .tuple(items), offset: offset)
  }

  private func isTupleEnd(_ end: String?) -> Bool {
    if let end, isName(end) { return true }
    return current.form == .variableEnd || current.form == .blockEnd || isSymbol(")")
  }

  mutating func expression(allowsConditional: Bool = true) throws(TemplateError) -> Expression {
    try nested { (parser) throws(TemplateError) in
      allowsConditional ? try parser.conditional() : try parser.or()
    }
  }

  private mutating func conditional() throws(TemplateError) -> Expression {
    let offset = current.offset
    var value = try or()
    var count = 0
    while skipName("if") {
      count += 1
      if count > Self.chainLimit { throw tooMany("conditions") }
      let condition = try or()
      let otherwise = skipName("else") ? try expression() : nil
      value = Expression(
        form: .conditional(value, condition: condition, otherwise: otherwise), offset: offset)
      if otherwise != nil { break }
    }
    return value
  }

  private mutating func or() throws(TemplateError) -> Expression {
    let offset = current.offset
    var items = [try and()]
    while skipName("or") { items.append(try and()) }
    return items.count == 1 ? items[0] : Expression(form: .or(items), offset: offset)
  }

  private mutating func and() throws(TemplateError) -> Expression {
    let offset = current.offset
    var items = [try not()]
    while skipName("and") { items.append(try not()) }
    return items.count == 1 ? items[0] : Expression(form: .and(items), offset: offset)
  }

  private mutating func not() throws(TemplateError) -> Expression {
    let offset = current.offset
    if !isName("not") { return try comparison() }
    var isOdd = false
    while skipName("not") { isOdd.toggle() }
    let operand = Expression(form: .not(try comparison()), offset: offset)
    return isOdd ? operand : Expression(form: .not(operand), offset: offset)
  }

  private mutating func comparison() throws(TemplateError) -> Expression {
    let offset = current.offset
    let first = try sum()
    var rest: [(symbol: Comparison, operand: Expression)] = []
    while let comparison = comparisonOperator() { rest.append((comparison, try sum())) }
    return rest.isEmpty ? first : Expression(form: .comparison(first, rest), offset: offset)
  }

  private mutating func comparisonOperator() -> Comparison? {
    if case .symbol(let text) = current.form, let found = Comparison(rawValue: text) {
      advance()
      return found
    }
    if skipName("in") { return .contained }
    if isName("not"), next.form == .name("in") {
      advance()
      advance()
      return .notContained
    }
    return nil
  }

  private mutating func sum() throws(TemplateError) -> Expression {
    try arithmetic(["+", "-"]) { (parser) throws(TemplateError) in try parser.concatenation() }
  }

  private mutating func concatenation() throws(TemplateError) -> Expression {
    let offset = current.offset
    var items = [try product()]
    while skip("~") { items.append(try product()) }
    return items.count == 1 ? items[0] : Expression(form: .concatenation(items), offset: offset)
  }

  private mutating func product() throws(TemplateError) -> Expression {
    try arithmetic(["*", "/", "//", "%"]) { (parser) throws(TemplateError) in
      try parser.arithmetic(["**"]) { (parser) throws(TemplateError) in try parser.unary() }
    }
  }

  private mutating func arithmetic(
    _ symbols: [String], _ operand: (inout TemplateParser) throws(TemplateError) -> Expression
  ) throws(TemplateError) -> Expression {
    let first = try operand(&self)
    let offset = current.offset
    var rest: [(symbol: Arithmetic, operand: Expression)] = []
    while case .symbol(let text) = current.form, symbols.contains(text),
      let symbol = Arithmetic(rawValue: text)
    {
      advance()
      rest.append((symbol, try operand(&self)))
    }
    return rest.isEmpty ? first : Expression(form: .arithmetic(first, rest), offset: offset)
  }

  private mutating func unary(withFilters: Bool = true) throws(TemplateError) -> Expression {
    let offset = current.offset
    var value: Expression
    if isSymbol("-") || isSymbol("+") {
      let isMinus = isSymbol("-")
      advance()
      value = try nested { (parser) throws(TemplateError) in
        let operand = try parser.unary(withFilters: false)
        return Expression(form: isMinus ? .negative(operand) : .positive(operand), offset: offset)
      }
    } else {
      value = try primary()
    }
    value = try postfix(value)
    return withFilters ? try filtersAndTests(value) : value
  }

  // MARK: Primaries

  private mutating func primary() throws(TemplateError) -> Expression {
    let token = current
    let offset = token.offset
    switch token.form {
    case .name(let name):
      advance()
      switch name {
      case "true", "True": return Expression(form: .bool(true), offset: offset)
      case "false", "False": return Expression(form: .bool(false), offset: offset)
      case "none", "None": return Expression(form: .none, offset: offset)
      default:
        names.insert(name)
        return Expression(form: .name(name), offset: offset)
      }
    case .string:
      var text: [UInt8] = []
      while case .string(let part) = current.form {
        text += part
        advance()
      }
      return Expression(form: .text(text), offset: offset)
    case .integer(let value):
      advance()
      return Expression(form: .number(.integer(value)), offset: offset)
    case .double(let value):
      advance()
      return Expression(form: .number(.double(value)), offset: offset)
    case .symbol("("):
      advance()
      let inner = try nested { (parser) throws(TemplateError) in
        try parser.tupleOrExpression(inParentheses: true)
      }
      try expect(")")
      return inner
    case .symbol("["): return try list(offset)
    case .symbol("{"): return try dictionary(offset)
    case .data, .variableBegin, .variableEnd, .blockBegin, .blockEnd, .symbol, .end:
      throw unexpected("an expression")
    }
  }

  private mutating func list(_ offset: Int) throws(TemplateError) -> Expression {
    advance()
    var items: [Expression] = []
    while !isSymbol("]") {
      if !items.isEmpty { try expect(",") }
      if isSymbol("]") { break }
      items.append(try expression())
    }
    try expect("]")
    return Expression(form: .list(items), offset: offset)
  }

  private mutating func dictionary(_ offset: Int) throws(TemplateError) -> Expression {
    advance()
    var items: [(key: Expression, value: Expression)] = []
    while !isSymbol("}") {
      if !items.isEmpty { try expect(",") }
      if isSymbol("}") { break }
      let key = try expression()
      try expect(":")
      items.append((key, try expression()))
    }
    try expect("}")
    return Expression(form: .dictionary(items), offset: offset)
  }

  // MARK: Behind a value

  private mutating func postfix(_ value: Expression) throws(TemplateError) -> Expression {
    var links: [Expression.Link] = []
    while let link = try postfixLink() { links.append(link) }
    return chained(value, links)
  }

  private mutating func postfixLink() throws(TemplateError) -> Expression.Link? {
    let offset = current.offset
    if skip(".") {
      switch advance().form {
      case .name(let name): return Expression.Link(form: .attribute(name), offset: offset)
      case .integer(let index):
        let key = Expression(form: .number(.integer(index)), offset: offset)
        return Expression.Link(form: .item(key), offset: offset)
      default: throw TemplateError(.syntax, "a name or number must follow the dot", at: offset)
      }
    }
    if isSymbol("[") { return try subscription(offset) }
    if isSymbol("(") { return Expression.Link(form: .call(try arguments()), offset: offset) }
    return nil
  }

  private mutating func subscription(_ offset: Int) throws(TemplateError) -> Expression.Link {
    advance()
    var parts: [Expression?] = []
    var isSlice = false
    var pending: Expression?
    var items: [Expression] = []
    while !isSymbol("]") {
      if skip(":") {
        isSlice = true
        parts.append(pending)
        pending = nil
      } else if skip(",") {
        guard let item = pending, !isSlice else { throw unexpected("']'") }
        items.append(item)
        pending = nil
      } else {
        if pending != nil { throw unexpected("']'") }
        pending = try expression()
      }
    }
    advance()
    if isSlice {
      parts.append(pending)
      if parts.count > 3 || !items.isEmpty {
        throw TemplateError(.syntax, "a slice has three parts or fewer", at: offset)
      }
      while parts.count < 3 { parts.append(nil) }
      return Expression.Link(form: .slice(parts[0], parts[1], parts[2]), offset: offset)
    }
    if let pending, items.isEmpty { return Expression.Link(form: .item(pending), offset: offset) }
    if let pending { items.append(pending) }
    let tuple = Expression(form: .tuple(items), offset: offset)
    return Expression.Link(form: .item(tuple), offset: offset)
  }

  private mutating func filtersAndTests(_ value: Expression) throws(TemplateError) -> Expression {
    var value = value
    var count = 0
    while true {
      let offset = current.offset
      if isSymbol("|") {
        value = chained(value, try filterLinks())
      } else if isSymbol("(") {
        value = chained(value, [Expression.Link(form: .call(try arguments()), offset: offset)])
      } else if skipName("is") {
        count += 1
        if count > Self.chainLimit { throw tooMany("tests") }
        value = try test(of: value, offset)
      } else {
        return value
      }
    }
  }

  private mutating func test(
    of value: Expression, _ offset: Int
  ) throws(TemplateError) -> Expression {
    let isNegated = skipName("not")
    var name = try expectName()
    while skip(".") { name += "." + (try expectName()) }
    var given = Arguments()
    if isSymbol("(") {
      given = try arguments()
    } else if beginsOperand {
      if isName("is") {
        throw TemplateError(.syntax, "tests cannot be chained with 'is'", at: current.offset)
      }
      given.positional = [
        try nested { (parser) throws(TemplateError) in
          try parser.postfix(try parser.primary())
        }
      ]
    }
    return Expression(
      form: .test(value, name: name, given, isNegated: isNegated), offset: offset)
  }

  private var beginsOperand: Bool {
    switch current.form {
    case .name(let name): !["else", "or", "and"].contains(name)
    case .string, .integer, .double, .symbol("["), .symbol("{"): true
    case .data, .variableBegin, .variableEnd, .blockBegin, .blockEnd, .symbol, .end: false
    }
  }

  /// Filters, the first without its bar.
  mutating func filterChain() throws(TemplateError) -> [Expression.Link] {
    [try filterLink()] + (isSymbol("|") ? try filterLinks() : [])
  }

  mutating func filterLinks() throws(TemplateError) -> [Expression.Link] {
    var links: [Expression.Link] = []
    while skip("|") { links.append(try filterLink()) }
    return links
  }

  private mutating func filterLink() throws(TemplateError) -> Expression.Link {
    let offset = current.offset
    var name = try expectName()
    while skip(".") { name += "." + (try expectName()) }
    let given = isSymbol("(") ? try arguments() : Arguments()
    return Expression.Link(form: .filter(name, given), offset: offset)
  }

  private func chained(_ value: Expression, _ links: [Expression.Link]) -> Expression {
    if links.isEmpty { return value }
    if case .chain(let base, let before) = value.form {
      return Expression(form: .chain(base, before + links), offset: value.offset)
    }
    return Expression(form: .chain(value, links), offset: value.offset)
  }

  private mutating func arguments() throws(TemplateError) -> Arguments {
    let offset = current.offset
    try expect("(")
    var out = Arguments()
    var needsComma = false
    while !isSymbol(")") {
      if needsComma {
        try expect(",")
        if isSymbol(")") { break }
      }
      needsComma = true
      if skip("**") {
        if out.spreadNamed != nil { throw Self.badCall(offset) }
        out.spreadNamed = try expression()
      } else if skip("*") {
        if out.spread != nil || out.spreadNamed != nil { throw Self.badCall(offset) }
        out.spread = try expression()
      } else if case .name(let name) = current.form, next.form == .symbol("=") {
        advance()
        advance()
        out.named.append((name, try expression()))
      } else {
        if !out.named.isEmpty || out.spread != nil || out.spreadNamed != nil {
          throw Self.badCall(offset)
        }
        out.positional.append(try expression())
      }
    }
    try expect(")")
    return out
  }

  private static func badCall(_ offset: Int) -> TemplateError {
    TemplateError(.syntax, "the arguments of this call are in no order that a call has", at: offset)
  }
}
