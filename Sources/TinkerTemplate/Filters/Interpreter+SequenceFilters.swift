import TinkerJSON

/// Filters that take values in order.
extension Interpreter {
  func sequenceFilter(
    _ name: String, _ value: Value, _ given: CallValues, in scope: Scope, at offset: Int
  ) throws(TemplateError) -> Value {
    switch name {
    case "first":
      if case .iterator(let iterator) = value.form, let next = iterator.next() { return next }
      return try elements(of: value, at: offset).first
        ?? .undefined("No first item, sequence was empty.", from: origin(offset))
    case "last":
      return try elements(of: value, at: offset).last
        ?? .undefined("No last item, sequence was empty.", from: origin(offset))
    case "reverse":
      if case .text = value.form {
        return try slice(value, nil, nil, -1, at: offset)
      }
      return try iterator(try elements(of: value, at: offset).reversed(), at: offset)
    case "sort": return try sorted(value, given, at: offset)
    case "dictsort": return try sortedMembers(value, given, at: offset)
    case "unique": return try unique(value, given, at: offset)
    case "batch": return try batches(value, given, at: offset)
    case "slice": return try slices(value, given, at: offset)
    case "groupby": return try groups(value, given, at: offset)
    case "map": return try mapped(value, given, in: scope, at: offset)
    default: return try selected(name, value, given, at: offset)
    }
  }

  // MARK: Keys

  /// What an attribute of an item is: `a.b.0`, or the item itself.
  func keyed(
    _ item: Value, by attribute: Value?, at offset: Int
  ) throws(TemplateError) -> Value {
    guard let attribute, !attribute.isNone else { return item }
    if integer(attribute) != nil { return try self.item(attribute, of: item, at: offset) }
    guard let path = attribute.asText else { return item }
    var value = item
    for part in path.split(at: [UInt8(ascii: ".")]) {
      if let index = Int(part.string) {
        value = try self.item(.integer(index, from: origin(offset)), of: value, at: offset)
      } else {
        value = try self.item(.text(part), of: value, at: offset)
      }
    }
    return value
  }

  func sortKey(
    _ item: Value, _ attribute: Value?, _ isCaseSensitive: Bool, at offset: Int
  ) throws(TemplateError) -> Value {
    let key = try keyed(item, by: attribute, at: offset)
    if !isCaseSensitive, let text = key.asText { return .text(text.lowercased) }
    return key
  }

  private func flag(
    _ name: String, _ index: Int, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> Bool {
    guard let value = given.value(index, name) else { return false }
    return value.isTrue
  }

  /// Items by their keys, equal ones in their order.
  func sorted<T>(
    _ items: [T], at offset: Int, descending: Bool = false, by key: (T) -> Value
  ) throws(TemplateError) -> [T] {
    // A merge sort of our own, because comparing may throw.
    if items.count < 2 { return items }
    let middle = items.count / 2
    let left = try sorted(Array(items[..<middle]), at: offset, descending: descending, by: key)
    let right = try sorted(Array(items[middle...]), at: offset, descending: descending, by: key)
    var out: [T] = []
    var (i, j) = (0, 0)
    while i < left.count, j < right.count {
      let (a, b) = (key(left[i]), key(right[j]))
      let takesRight = try compare(.less, descending ? a : b, descending ? b : a, at: offset)
      if takesRight {
        out.append(right[j])
        j += 1
      } else {
        out.append(left[i])
        i += 1
      }
    }
    return out + left[i...] + right[j...]
  }

  // MARK: Sorting

  private func sorted(
    _ value: Value, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> Value {
    let descending = try flag("reverse", 0, given, at: offset)
    let isCaseSensitive = try flag("case_sensitive", 1, given, at: offset)
    var pairs: [(item: Value, key: Value)] = []
    for item in try elements(of: value, at: offset) {
      pairs.append(
        (item, try sortKey(item, given.value(2, "attribute"), isCaseSensitive, at: offset)))
    }
    let ordered = try sorted(pairs, at: offset, descending: descending) { $0.key }
    return try list(ordered.map(\.item), at: offset)
  }

  private func sortedMembers(
    _ value: Value, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> Value {
    guard case .dictionary(let dictionary) = value.form else {
      try checkDefined(value, at: offset)
      throw TemplateError(.runtime, "dictsort takes a mapping", at: offset)
    }
    let isCaseSensitive = try flag("case_sensitive", 0, given, at: offset)
    let byValue = given.value(1, "by")?.asText?.string == "value"
    let descending = try flag("reverse", 2, given, at: offset)
    var pairs: [(item: Value, key: Value)] = []
    for (key, member) in dictionary.members {
      let pair = try list([key, member], kind: .tuple, at: offset)
      pairs.append((pair, try sortKey(byValue ? member : key, nil, isCaseSensitive, at: offset)))
    }
    let ordered = try sorted(pairs, at: offset, descending: descending) { $0.key }
    return try list(ordered.map(\.item), at: offset)
  }

  private func unique(
    _ value: Value, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> Value {
    let isCaseSensitive = try flag("case_sensitive", 0, given, at: offset)
    var seen: Set<DictionaryKey> = []
    var out: [Value] = []
    for item in try elements(of: value, at: offset) {
      let key = try sortKey(item, given.value(1, "attribute"), isCaseSensitive, at: offset)
      if seen.insert(try self.key(key, at: offset)).inserted { out.append(item) }
    }
    return try iterator(out, at: offset)
  }

  private func groups(
    _ value: Value, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> Value {
    guard let attribute = given.value(0, "attribute") else { throw lacks("groupby", at: offset) }
    let isCaseSensitive = try flag("case_sensitive", 2, given, at: offset)
    var pairs: [(item: Value, key: Value, shown: Value)] = []
    for item in try elements(of: value, at: offset) {
      var shown = try keyed(item, by: attribute, at: offset)
      if shown.isUndefined, let fallback = given.value(1, "default") { shown = fallback }
      pairs.append((item, try sortKey(shown, nil, isCaseSensitive, at: offset), shown))
    }
    var out: [Value] = []
    var group: [Value] = []
    let ordered = try sorted(pairs, at: offset) { $0.key }
    for (index, pair) in ordered.enumerated() {
      group.append(pair.item)
      if index + 1 < ordered.count {
        if try isEqual(pair.key, ordered[index + 1].key, at: offset) { continue }
      }
      let first = ordered[index + 1 - group.count].shown
      out.append(try list([first, try list(group, at: offset)], kind: .group, at: offset))
      group = []
    }
    return try list(out, at: offset)
  }

  // MARK: Parts

  private func batches(
    _ value: Value, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> Value {
    guard let size = given.value(0, "linecount").flatMap({ integer($0) }), size > 0 else {
      throw lacks("batch", at: offset)
    }
    let items = try elements(of: value, at: offset)
    var out: [Value] = []
    var start = 0
    while start < items.count {
      var part = Array(items[start..<min(start + size, items.count)])
      if part.count < size, let fill = given.value(1, "fill_with"), !fill.isNone {
        try charge(size, at: offset)
        part += Array(repeating: fill, count: size - part.count)
      }
      out.append(try list(part, at: offset))
      start += size
    }
    return try iterator(out, at: offset)
  }

  private func slices(
    _ value: Value, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> Value {
    guard let count = given.value(0, "slices").flatMap({ integer($0) }), count > 0 else {
      throw lacks("slice", at: offset)
    }
    try charge(count, at: offset)
    let items = try elements(of: value, at: offset)
    let (size, extra) = items.count.quotientAndRemainder(dividingBy: count)
    var out: [Value] = []
    var start = 0
    for index in 0..<count {
      let end = start + size + (index < extra ? 1 : 0)
      var part = Array(items[start..<end])
      if index >= extra, let fill = given.value(1, "fill_with"), !fill.isNone { part.append(fill) }
      out.append(try list(part, at: offset))
      start = end
    }
    return try iterator(out, at: offset)
  }

  // MARK: Mapping and choosing

  private func mapped(
    _ value: Value, _ given: CallValues, in scope: Scope, at offset: Int
  ) throws(TemplateError) -> Value {
    var out: [Value] = []
    if !value.isTrue { return try iterator([], at: offset) }
    if let attribute = given.named("attribute"), given.positional.isEmpty {
      for item in try elements(of: value, at: offset) {
        let part = try keyed(item, by: attribute, at: offset)
        out.append(part.isUndefined ? given.named("default") ?? part : part)
      }
      return try iterator(out, at: offset)
    }
    guard let name = given.positional.first?.asText?.string else { throw lacks("map", at: offset) }
    var rest = given
    rest.positional.removeFirst()
    for item in try elements(of: value, at: offset) {
      out.append(try filter(name, item, rest, in: scope, at: offset))
    }
    return try iterator(out, at: offset)
  }

  private func selected(
    _ name: String, _ value: Value, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> Value {
    // The reference asks first whether there is anything, so that `none` passes.
    if !value.isTrue { return try iterator([], at: offset) }
    let keeps = name.hasPrefix("select")
    var rest = given
    var attribute: Value?
    if name.hasSuffix("attr") {
      guard let first = given.positional.first else { throw lacks(name, at: offset) }
      attribute = first
      rest.positional.removeFirst()
    }
    let test = rest.positional.first?.asText?.string
    if test != nil { rest.positional.removeFirst() }
    var out: [Value] = []
    for item in try elements(of: value, at: offset) {
      let part = try keyed(item, by: attribute, at: offset)
      let passes =
        if let test { try self.test(test, part, rest, at: offset) } else {
          part.isTrue
        }
      if passes == keeps { out.append(item) }
    }
    return try iterator(out, at: offset)
  }
}
