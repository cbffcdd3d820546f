import TinkerJSON

/// What values have: attributes, elements, slices.
extension Interpreter {
  /// `value.name`: an attribute first, then a member.
  func attribute(_ name: String, of value: Value, at offset: Int) throws(TemplateError) -> Value {
    try checkDefined(value, at: offset)
    if let found = try ownAttribute(name, of: value, at: offset) { return found }
    if case .dictionary(let dictionary) = value.form, let member = dictionary[name] {
      return member
    }
    return missing(name, of: value, at: offset)
  }

  /// `value[key]`: a member first, then an attribute.
  func item(_ key: Value, of value: Value, at offset: Int) throws(TemplateError) -> Value {
    try checkDefined(value, at: offset)
    try checkDefined(key, at: offset)
    switch value.form {
    case .dictionary(let dictionary):
      if let key = DictionaryKey(key), let member = dictionary[key] { return member }
    case .list(let list) where list.kind.isSequence:
      if let index = integer(key), let place = place(index, in: list.items.count) {
        return list.items[place]
      }
    case .text(let text):
      if let index = integer(key) {
        if text.isASCII {
          if let place = place(index, in: text.count) { return .text(text[place..<place + 1]) }
        } else {
          let starts = text.scalarStarts
          if let place = place(index, in: starts.count - 1) {
            return .text(text[starts[place]..<starts[place + 1]])
          }
        }
      }
    case .undefined, .none, .bool, .number, .list, .iterator, .namespace, .callable, .loop, .cycler:
      break
    }
    guard let name = key.asText?.string else {
      return .undefined(
        "\(describedType(of: value)) has no element \(try representation(of: key, at: offset).string)",
        from: origin(offset))
    }
    if let found = try ownAttribute(name, of: value, at: offset) { return found }
    return missing(name, of: value, at: offset)
  }

  private func missing(_ name: String, of value: Value, at offset: Int) -> Value {
    .undefined("'\(describedType(of: value))' has no attribute '\(name)'", from: origin(offset))
  }

  private func describedType(of value: Value) -> String {
    value.isNone ? "None" : "\(value.typeName) object"
  }

  private func place(_ index: Int, in count: Int) -> Int? {
    let place = index < 0 ? index + count : index
    return place >= 0 && place < count ? place : nil
  }

  /// What the type of a value has by that name.
  private func ownAttribute(
    _ name: String, of value: Value, at offset: Int
  ) throws(TemplateError) -> Value? {
    if name.hasPrefix("__"), name.hasSuffix("__") {
      return .undefined(
        "access to attribute '\(name)' of '\(value.typeName)' object is unsafe.", isUnsafe: true,
        from: origin(offset))
    }
    switch value.form {
    case .namespace(let namespace): return namespace[name]
    case .loop(let loop): return try loopAttribute(name, of: loop, at: offset)
    case .cycler(let cycler):
      if cycler.isJoiner { return nil }
      switch name {
      case "current": return cycler.items[cycler.position]
      case "next", "reset": return method(name, of: value, at: offset)
      default: return nil
      }
    case .callable(.macro(let macro, _)), .callable(.caller(let macro, _)):
      switch name {
      case "name": return .text(TracedText(macro.name, from: origin(offset)))
      case "arguments":
        let names = macro.parameters.map { Value.text(TracedText($0.name, from: origin(offset))) }
        return try list(names, kind: .tuple, at: offset)
      default: return nil
      }
    case .list(let list) where list.kind == .group:
      if name == "grouper" { return list.items.first }
      if name == "list" { return list.items.last }
      return nil
    case .text: return TextMethod(rawValue: name) != nil ? method(name, of: value, at: offset) : nil
    case .dictionary:
      if ["get", "items", "keys", "values", "copy"].contains(name) {
        return method(name, of: value, at: offset)
      }
      return ["clear", "pop", "popitem", "setdefault", "update"].contains(name)
        ? unsafe(name, of: value, at: offset) : nil
    case .list(let list):
      if ["count", "index"].contains(name) || (name == "copy" && list.kind == .list) {
        return method(name, of: value, at: offset)
      }
      let changing = ["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"]
      return list.kind == .list && changing.contains(name)
        ? unsafe(name, of: value, at: offset) : nil
    case .number(.double):
      return name == "is_integer" ? method(name, of: value, at: offset) : nil
    case .undefined, .none, .bool, .number, .iterator, .callable: return nil
    }
  }

  private func method(_ name: String, of value: Value, at offset: Int) -> Value {
    Value(.callable(.method(value, name)), from: origin(offset))
  }

  private func unsafe(_ name: String, of value: Value, at offset: Int) -> Value {
    .undefined(
      "access to attribute '\(name)' of '\(value.typeName)' object is unsafe.", isUnsafe: true,
      from: origin(offset))
  }

  private func loopAttribute(
    _ name: String, of loop: LoopValue, at offset: Int
  ) throws(TemplateError) -> Value? {
    let origin = origin(offset)
    let count = loop.items.count
    switch name {
    case "index": return .integer(loop.index + 1, from: origin)
    case "index0": return .integer(loop.index, from: origin)
    case "revindex": return .integer(count - loop.index, from: origin)
    case "revindex0": return .integer(count - loop.index - 1, from: origin)
    case "first": return .bool(loop.index == 0, from: origin)
    case "last": return .bool(loop.index + 1 == count, from: origin)
    case "length": return .integer(count, from: origin)
    case "depth": return .integer(loop.depth, from: origin)
    case "depth0": return .integer(loop.depth - 1, from: origin)
    case "previtem":
      return loop.index > 0
        ? loop.items[loop.index - 1] : .undefined("there is no previous item", from: origin)
    case "nextitem":
      return loop.index + 1 < count
        ? loop.items[loop.index + 1] : .undefined("there is no next item", from: origin)
    case "cycle", "changed":
      return method(name, of: Value(.loop(loop), from: origin), at: offset)
    default: return nil
    }
  }

  // MARK: Slices

  func slice(
    _ value: Value, _ lower: Int?, _ upper: Int?, _ step: Int?, at offset: Int
  ) throws(TemplateError) -> Value {
    try checkDefined(value, at: offset)
    if step == 0 { throw TemplateError(.runtime, "slice step cannot be zero", at: offset) }
    switch value.form {
    case .text(let text):
      let starts = text.scalarStarts
      try charge(bytes: text.count, at: offset)
      let range = Self.indices(lower, upper, step ?? 1, count: starts.count - 1)
      if (step ?? 1) == 1 {
        guard let first = range.first, let last = range.last else { return .text(TracedText()) }
        return .text(text[starts[first]..<starts[last + 1]])
      }
      var out = TracedText()
      for index in range { out.append(text[starts[index]..<starts[index + 1]]) }
      return .text(out)
    case .list(let list) where list.kind.isSequence:
      let range = Self.indices(lower, upper, step ?? 1, count: list.items.count)
      let part = range.map { list.items[$0] }
      let kind: ListValue.Kind = list.kind == .group ? .tuple : list.kind
      return try self.list(part, kind: kind, at: offset)
    case .undefined, .none, .bool, .number, .list, .dictionary, .iterator, .namespace, .callable,
      .loop, .cycler:
      return .undefined(
        "\(describedType(of: value)) has no element slice(…)", from: origin(offset))
    }
  }

  /// The indices of a slice, as Python bounds them.
  private static func indices(_ lower: Int?, _ upper: Int?, _ step: Int, count: Int) -> [Int] {
    func bounded(_ index: Int?, _ missing: Int, _ low: Int, _ high: Int) -> Int {
      guard let index else { return missing }
      let place = index < 0 ? max(index, -count - 1) + count : index
      return min(max(place, low), high)
    }
    if step > 0 {
      let start = bounded(lower, 0, 0, count)
      let end = bounded(upper, count, 0, count)
      return start < end ? Array(stride(from: start, to: end, by: step)) : []
    }
    let start = bounded(lower, count - 1, -1, count - 1)
    let end = bounded(upper, -1, -1, count - 1)
    return start > end ? Array(stride(from: start, to: end, by: max(step, -count - 1))) : []
  }

  // MARK: Elements

  /// What a `for` takes from a value.
  func elements(of value: Value, at offset: Int) throws(TemplateError) -> [Value] {
    switch value.form {
    case .undefined: return []
    case .list(let list): return list.items
    case .dictionary(let dictionary): return dictionary.members.map(\.key)
    case .iterator(let iterator): return iterator.rest()
    case .text(let text):
      try charge(bytes: text.count * 16, at: offset)
      return text.characters.map { .text($0) }
    case .loop(let loop): return loop.items
    case .none, .bool, .number, .namespace, .callable, .cycler:
      throw TemplateError(.runtime, "'\(value.typeName)' object is not iterable", at: offset)
    }
  }

  /// Refuses to go on with a value that is missing.
  func checkDefined(_ value: Value, at offset: Int) throws(TemplateError) {
    if case .undefined(let missing) = value.form {
      throw TemplateError(missing.isUnsafe ? .security : .runtime, missing.message, at: offset)
    }
  }
}
