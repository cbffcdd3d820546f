import TinkerJSON

extension Interpreter {
  func evaluate(_ expression: Expression, in scope: Scope) throws(TemplateError) -> Value {
    try charge(at: expression.offset)
    return try deeper(at: expression.offset) { () throws(TemplateError) in
      try value(of: expression, in: scope)
    }
  }

  private func value(of expression: Expression, in scope: Scope) throws(TemplateError) -> Value {
    let offset = expression.offset
    switch expression.form {
    case .text(let bytes):
      let origin = origin(offset)
      return Value(.text(TracedText(bytes, from: origin)), from: origin)
    case .number(let number): return Value(.number(number), from: origin(offset))
    case .bool(let value): return .bool(value, from: origin(offset))
    case .none: return Value(.none, from: origin(offset))
    case .name(let name): return variable(name, in: scope, at: offset)
    case .tuple(let items): return try list(try values(items, in: scope), kind: .tuple, at: offset)
    case .list(let items): return try list(try values(items, in: scope), at: offset)
    case .dictionary(let members): return try dictionary(members, in: scope, at: offset)
    case .chain(let base, let links):
      return try follow(links, from: try evaluate(base, in: scope), in: scope)
    case .test(let value, let name, let given, let isNegated):
      let result = try test(
        name, try evaluate(value, in: scope), try evaluate(given, in: scope), at: offset)
      return .bool(result != isNegated, from: origin(offset))
    case .not(let operand):
      let value = try evaluate(operand, in: scope)
      return .bool(!value.isTrue, from: origin(offset))
    case .negative(let operand): return try negated(try evaluate(operand, in: scope), at: offset)
    case .positive(let operand):
      return Value(
        .number(try number(try evaluate(operand, in: scope), at: offset)), from: origin(offset))
    case .conditional(let value, let condition, let otherwise):
      if (try evaluate(condition, in: scope)).isTrue {
        return try evaluate(value, in: scope)
      }
      if let otherwise { return try evaluate(otherwise, in: scope) }
      return .undefined(
        "the inline if-expression evaluated to false and no else section was defined",
        from: origin(offset))
    case .and(let items): return try shortCircuit(items, stopsAt: false, in: scope)
    case .or(let items): return try shortCircuit(items, stopsAt: true, in: scope)
    case .comparison(let first, let rest): return try comparison(first, rest, in: scope, offset)
    case .arithmetic(let first, let rest): return try arithmetic(first, rest, in: scope, offset)
    case .concatenation(let items): return try concatenation(items, in: scope, offset)
    }
  }

  private func values(
    _ items: [Expression], in scope: Scope
  ) throws(TemplateError) -> [Value] {
    var out: [Value] = []
    for item in items { out.append(try evaluate(item, in: scope)) }
    return out
  }

  private func variable(_ name: String, in scope: Scope, at offset: Int) -> Value {
    if let value = scope[name] { return value }
    if let function = GlobalFunction(rawValue: name) {
      return Value(.callable(.global(function)), from: origin(offset))
    }
    // The blocks of the template, which has none that could be asked for.
    if name == "self" { return Value(.dictionary(DictionaryValue()), from: origin(offset)) }
    return .undefined("'\(name)' is undefined", from: origin(offset))
  }

  private func dictionary(
    _ members: [(key: Expression, value: Expression)], in scope: Scope, at offset: Int
  ) throws(TemplateError) -> Value {
    var dictionary = DictionaryValue()
    for (key, value) in members {
      let name = try evaluate(key, in: scope)
      dictionary.set(
        name, try self.key(name, at: key.offset), to: try evaluate(value, in: scope))
    }
    try checkDepth(dictionary.depth, at: offset)
    return Value(.dictionary(dictionary), from: origin(offset))
  }

  /// A value as a key.
  func key(_ value: Value, at offset: Int) throws(TemplateError) -> DictionaryKey {
    try checkDefined(value, at: offset)
    guard let key = DictionaryKey(value) else {
      throw TemplateError(.runtime, "unhashable type: '\(value.typeName)'", at: offset)
    }
    return key
  }

  private func shortCircuit(
    _ items: [Expression], stopsAt stop: Bool, in scope: Scope
  ) throws(TemplateError) -> Value {
    var value = try evaluate(items[0], in: scope)
    for next in items.dropFirst() {
      if value.isTrue == stop { return value }
      value = try evaluate(next, in: scope)
    }
    return value
  }

  private func concatenation(
    _ items: [Expression], in scope: Scope, _ offset: Int
  ) throws(TemplateError) -> Value {
    var text = TracedText()
    for item in items {
      text.append(try string(of: try evaluate(item, in: scope), at: item.offset))
      try charge(bytes: text.count, at: offset)
    }
    return .text(text)
  }

  // MARK: Chains

  /// Follows attributes, indexes, calls and filters from a value.
  func follow(
    _ links: [Expression.Link], from start: Value, in scope: Scope
  ) throws(TemplateError) -> Value {
    var value = start
    for link in links {
      try charge(at: link.offset)
      value = try follow(link, from: value, in: scope)
    }
    return value
  }

  private func follow(
    _ link: Expression.Link, from value: Value, in scope: Scope
  ) throws(TemplateError) -> Value {
    let offset = link.offset
    switch link.form {
    case .attribute(let name): return try attribute(name, of: value, at: offset)
    case .item(let key): return try item(try evaluate(key, in: scope), of: value, at: offset)
    case .slice(let lower, let upper, let step):
      return try slice(
        value, try index(lower, in: scope), try index(upper, in: scope), try index(step, in: scope),
        at: offset)
    case .call(let given):
      return try call(value, try evaluate(given, in: scope), in: scope, at: offset)
    case .filter(let name, let given):
      return try filter(name, value, try evaluate(given, in: scope), in: scope, at: offset)
    }
  }

  private func index(_ expression: Expression?, in scope: Scope) throws(TemplateError) -> Int? {
    guard let expression else { return nil }
    let value = try evaluate(expression, in: scope)
    if value.isNone { return nil }
    guard let index = integer(value) else {
      try checkDefined(value, at: expression.offset)
      throw TemplateError(
        .runtime, "slice indices must be integers or None, not \(value.typeName)",
        at: expression.offset)
    }
    return index
  }

  // MARK: Arguments

  func evaluate(_ arguments: Arguments, in scope: Scope) throws(TemplateError) -> CallValues {
    var out = CallValues()
    for item in arguments.positional { out.positional.append(try evaluate(item, in: scope)) }
    for (name, value) in arguments.named {
      out.named.append((name, try evaluate(value, in: scope)))
    }
    if let spread = arguments.spread {
      out.positional += try elements(of: try evaluate(spread, in: scope), at: spread.offset)
    }
    if let spread = arguments.spreadNamed {
      guard case .dictionary(let dictionary) = try evaluate(spread, in: scope).form else {
        throw TemplateError(.runtime, "the argument after ** must be a mapping", at: spread.offset)
      }
      for (key, value) in dictionary.members {
        guard let name = key.asText else {
          throw TemplateError(.runtime, "keywords must be strings", at: spread.offset)
        }
        out.named.append((name.string, value))
      }
    }
    return out
  }
}

/// The values of a call's arguments.
struct CallValues {
  var positional: [Value] = []
  var named: [(name: String, value: Value)] = []

  /// The argument at a position or by a name.
  func value(_ index: Int, _ name: String) -> Value? {
    index < positional.count ? positional[index] : named.first { $0.name == name }?.value
  }

  /// The argument by a name only.
  func named(_ name: String) -> Value? { named.first { $0.name == name }?.value }
}
