import TinkerJSON

/// Calls of macros, functions and methods.
extension Interpreter {
  func call(
    _ callee: Value, _ given: CallValues, in scope: Scope, at offset: Int
  ) throws(TemplateError) -> Value {
    switch callee.form {
    case .callable(.macro(let macro, let home)), .callable(.caller(let macro, let home)):
      return .text(try call(macro, given, in: home, at: offset))
    case .callable(.method(let receiver, let name)):
      return try call(name, of: receiver, given, at: offset)
    case .callable(.global(let function)): return try call(function, given, at: offset)
    case .loop(let loop):
      guard let body = loop.body, let sequence = given.positional.first else {
        throw TemplateError(
          .runtime,
          "The loop must have the 'recursive' marker to be called recursively.", at: offset)
      }
      let text = try collect { () throws(TemplateError) in
        try deeper(at: offset) { () throws(TemplateError) in
          try run(body, over: sequence, depth: loop.depth + 1, in: loop.scope)
        }
      }
      return .text(text)
    case .cycler(let cycler) where cycler.isJoiner:
      cycler.position += 1
      if cycler.position == 1 { return .text(TracedText()) }
      return cycler.items[0]
    case .undefined, .none, .bool, .number, .text, .list, .dictionary, .iterator, .namespace,
      .cycler:
      try checkDefined(callee, at: offset)
      throw TemplateError(.runtime, "'\(callee.typeName)' object is not callable", at: offset)
    }
  }

  // MARK: Macros

  private func call(
    _ macro: MacroDefinition, _ given: CallValues, in home: Scope, at offset: Int
  ) throws(TemplateError) -> TracedText {
    calls += 1
    defer { calls -= 1 }
    if calls > limits.calls {
      throw TemplateError(
        .limit, "more than \(limits.calls) macros call one another", at: offset)
    }
    let outer = message
    defer { message = outer }
    let scope = Scope(inside: home)
    let count = macro.parameters.count
    for (index, (name, initial)) in macro.parameters.enumerated() {
      let named = given.named(name)
      if index < given.positional.count {
        if named != nil {
          throw TemplateError(
            .runtime, "macro '\(macro.name)' got multiple values for argument '\(name)'", at: offset
          )
        }
        scope.set(name, to: given.positional[index])
        noteMessage(given.positional[index])
      } else if let named {
        scope.set(name, to: named)
        noteMessage(named)
      } else if let initial {
        scope.set(name, to: try evaluate(initial, in: scope))
      } else {
        scope.set(
          name,
          to: .undefined("parameter '\(name)' was not provided", from: origin(macro.offset)))
      }
    }
    let extra = given.named.filter { (name, _) in
      !macro.parameters.contains { $0.name == name }
    }
    if let caller = extra.first(where: { $0.name == "caller" })?.value {
      scope.set("caller", to: caller)
    } else {
      scope.set("caller", to: .undefined("No caller defined", from: origin(macro.offset)))
    }
    // Jinja hands over further arguments only to macros that name them.
    let rest = given.positional.dropFirst(count)
    scope.set("varargs", to: try list(Array(rest), kind: .tuple, at: offset))
    var others = DictionaryValue()
    for (name, value) in extra where name != "caller" {
      others.set(
        .text(TracedText(name, from: origin(offset))), .text(Array(name.utf8)), to: value)
    }
    scope.set("kwargs", to: Value(.dictionary(others), from: origin(offset)))
    if !rest.isEmpty, !macro.usesVariable("varargs") {
      throw TemplateError(
        .runtime, "macro '\(macro.name)' takes not more than \(count) argument(s)", at: offset)
    }
    if let first = others.members.first?.key.asText, !macro.usesVariable("kwargs") {
      throw TemplateError(
        .runtime, "macro '\(macro.name)' takes no keyword argument '\(first.string)'", at: offset)
    }
    return try collect { () throws(TemplateError) in _ = try run(macro.body, in: scope) }
  }

  // MARK: Functions

  private func call(
    _ function: GlobalFunction, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> Value {
    switch function {
    case .range: return try range(given, at: offset)
    case .dict, .namespace:
      var members: [(key: Value, value: Value)] = []
      if let first = given.positional.first {
        members = try self.members(of: first, at: offset)
      }
      for (name, value) in given.named {
        members.append((.text(TracedText(name, from: origin(offset))), value))
      }
      if function == .dict { return try dictionary(members, at: offset) }
      let namespace = try makeNamespace(at: offset)
      for (key, value) in members {
        namespace.set(try string(of: key, at: offset).string, to: value)
      }
      return Value(.namespace(namespace), from: origin(offset))
    case .cycler:
      if given.positional.isEmpty {
        throw TemplateError(.runtime, "at least one item has to be provided", at: offset)
      }
      return Value(.cycler(CyclerValue(given.positional, isJoiner: false)), from: origin(offset))
    case .joiner:
      let separator = given.value(0, "sep") ?? .text(TracedText(", ", from: origin(offset)))
      return Value(.cycler(CyclerValue([separator], isJoiner: true)), from: origin(offset))
    case .raiseException:
      let text = try given.value(0, "message").map { value throws(TemplateError) in
        try string(of: value, at: offset)
      }
      throw TemplateError(.raised, text?.string ?? "", at: offset)
    case .strftimeNow:
      guard let format = given.value(0, "format")?.asText else {
        throw TemplateError(.runtime, "strftime_now needs a format", at: offset)
      }
      guard let date else {
        throw TemplateError(
          .unsupported, "the template asks for today's date, and none was given", at: offset)
      }
      guard let text = date.formatted(format.string) else {
        throw TemplateError(
          .unsupported, "the date format '\(format.string)' has a letter not known here", at: offset
        )
      }
      return .text(TracedText(text, from: origin(offset)))
    }
  }

  /// A dictionary from members; of equal keys the last wins.
  func dictionary(
    _ members: [(key: Value, value: Value)], at offset: Int
  ) throws(TemplateError) -> Value {
    var out = DictionaryValue()
    for (key, value) in members { out.set(key, try self.key(key, at: offset), to: value) }
    try checkDepth(out.depth, at: offset)
    return Value(.dictionary(out), from: origin(offset))
  }

  /// The members of a dictionary, or of pairs.
  func members(of value: Value, at offset: Int) throws(TemplateError) -> [(
    key: Value, value: Value
  )] {
    if case .dictionary(let dictionary) = value.form { return dictionary.members }
    var out: [(key: Value, value: Value)] = []
    for item in try elements(of: value, at: offset) {
      let pair = try elements(of: item, at: offset)
      guard pair.count == 2 else {
        throw TemplateError(.runtime, "a dictionary is made of pairs", at: offset)
      }
      out.append((pair[0], pair[1]))
    }
    return out
  }

  private func range(_ given: CallValues, at offset: Int) throws(TemplateError) -> Value {
    var bounds: [Int] = []
    for value in given.positional {
      guard let bound = integer(value) else {
        try checkDefined(value, at: offset)
        throw TemplateError(
          .runtime, "'\(value.typeName)' object cannot be interpreted as an integer", at: offset)
      }
      bounds.append(bound)
    }
    guard (1...3).contains(bounds.count) else {
      throw TemplateError(.runtime, "range takes one to three numbers", at: offset)
    }
    let start = bounds.count == 1 ? 0 : bounds[0]
    let end = bounds.count == 1 ? bounds[0] : bounds[1]
    let step = bounds.count == 3 ? bounds[2] : 1
    if step == 0 { throw TemplateError(.runtime, "range() arg 3 must not be zero", at: offset) }
    let (span, overflow) = end.subtractingReportingOverflow(start)
    let count = span.signum() == step.signum() ? (span.magnitude - 1) / step.magnitude + 1 : 0
    if (overflow && (start < end) == (step > 0)) || count > TemplateLimits.rangeCount {
      throw TemplateError(
        .limit,
        "Range too big. The sandbox blocks ranges larger than MAX_RANGE "
          + "(\(TemplateLimits.rangeCount)).", at: offset)
    }
    let items = (0..<(overflow ? 0 : Int(count))).map {
      Value.integer(start &+ $0 &* step, from: origin(offset))
    }
    return try list(items, kind: .range, at: offset)
  }

  // MARK: Methods

  private func call(
    _ name: String, of receiver: Value, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> Value {
    switch receiver.form {
    case .text(let text):
      guard let method = TextMethod(rawValue: name) else { break }
      return try call(method, of: text, given, at: offset)
    case .dictionary(let dictionary):
      return try call(name, of: dictionary, receiver, given, at: offset)
    case .list(let list): return try call(name, of: list, given, at: offset)
    case .loop(let loop):
      if name == "changed" {
        let last = loop.lastChanged
        loop.lastChanged = given.positional
        guard let last, last.count == given.positional.count else {
          return .bool(true, from: origin(offset))
        }
        for (old, new) in zip(last, given.positional) where try !isEqual(old, new, at: offset) {
          return .bool(true, from: origin(offset))
        }
        return .bool(false, from: origin(offset))
      }
      guard !given.positional.isEmpty else {
        throw TemplateError(.runtime, "no items for cycling given", at: offset)
      }
      return given.positional[loop.index % given.positional.count]
    case .cycler(let cycler):
      let current = cycler.items[cycler.position]
      cycler.position = name == "reset" ? 0 : (cycler.position + 1) % cycler.items.count
      return name == "reset" ? Value(.none, from: origin(offset)) : current
    case .number(let number):
      return .bool(number.double == number.double.rounded(), from: origin(offset))
    case .undefined, .none, .bool, .iterator, .namespace, .callable: break
    }
    throw TemplateError(.runtime, "'\(name)' cannot be called here", at: offset)
  }

  private func call(
    _ name: String, of dictionary: DictionaryValue, _ receiver: Value, _ given: CallValues,
    at offset: Int
  ) throws(TemplateError) -> Value {
    switch name {
    case "get":
      guard let key = given.positional.first else {
        throw TemplateError(.runtime, "get expected at least 1 argument, got 0", at: offset)
      }
      if key.isUndefined { return given.value(1, "default") ?? Value(.none, from: origin(offset)) }
      return dictionary[try self.key(key, at: offset)] ?? given.value(1, "default")
        ?? Value(.none, from: origin(offset))
    case "keys": return try list(dictionary.members.map(\.key), kind: .keys, at: offset)
    case "values": return try list(dictionary.members.map(\.value), kind: .values, at: offset)
    case "items": return try items(of: dictionary, kind: .items, at: offset)
    default: return receiver
    }
  }

  /// The members of a dictionary as pairs.
  func items(
    of dictionary: DictionaryValue, kind: ListValue.Kind, at offset: Int
  ) throws(TemplateError) -> Value {
    var pairs: [Value] = []
    for (key, value) in dictionary.members {
      pairs.append(try list([key, value], kind: .tuple, at: offset))
    }
    return try list(pairs, kind: kind, at: offset)
  }

  private func call(
    _ name: String, of list: ListValue, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> Value {
    if name == "copy" { return try self.list(list.items, kind: list.kind, at: offset) }
    guard let wanted = given.positional.first else {
      throw TemplateError(.runtime, "\(name)() takes an argument", at: offset)
    }
    var count = 0
    for (index, item) in list.items.enumerated() where try isEqual(item, wanted, at: offset) {
      if name == "index" { return .integer(index, from: origin(offset)) }
      count += 1
    }
    if name == "index" {
      throw TemplateError(.runtime, "the value is not in the list", at: offset)
    }
    return .integer(count, from: origin(offset))
  }
}
