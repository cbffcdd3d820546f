import TinkerJSON

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Arithmetic and comparison.
extension Interpreter {
  func arithmetic(
    _ first: Expression, _ rest: [(symbol: Arithmetic, operand: Expression)], in scope: Scope,
    _ offset: Int
  ) throws(TemplateError) -> Value {
    var value = try evaluate(first, in: scope)
    for (symbol, operand) in rest {
      value = try apply(
        symbol, value, try evaluate(operand, in: scope), at: operand.offset)
    }
    return value
  }

  func apply(
    _ symbol: Arithmetic, _ left: Value, _ right: Value, at offset: Int
  ) throws(TemplateError) -> Value {
    if case .text(let text) = left.form {
      if symbol == .modulo {
        try checkDefined(right, at: offset)
        return .text(try percentFormat(text, right, at: offset))
      }
      if symbol == .plus, case .text(let other) = right.form {
        try charge(bytes: text.count + other.count, at: offset)
        var sum = other.isMarkup ? text.escaped : text
        sum.append(text.isMarkup ? other.escaped : other)
        return .text(sum)
      }
    }
    try checkDefined(left, at: offset)
    try checkDefined(right, at: offset)
    if symbol == .plus, case .list(let list) = left.form, case .list(let other) = right.form,
      list.kind == other.kind, list.kind == .list || list.kind == .tuple
    {
      return try self.list(list.items + other.items, kind: list.kind, at: offset)
    }
    if symbol == .times {
      if let count = integer(right), let product = try repeated(left, count, at: offset) {
        return product
      }
      if let count = integer(left), let product = try repeated(right, count, at: offset) {
        return product
      }
    }
    guard let a = numeric(left), let b = numeric(right) else {
      throw TemplateError(.runtime, Self.refusal(symbol, left, right), at: offset)
    }
    return Value(.number(try calculate(symbol, a, b, at: offset)), from: origin(offset))
  }

  private static func refusal(_ symbol: Arithmetic, _ left: Value, _ right: Value) -> String {
    if symbol == .plus, case .text = left.form {
      return "can only concatenate str (not \"\(right.typeName)\") to str"
    }
    let name = symbol == .power ? "** or pow()" : symbol.rawValue
    return "unsupported operand type(s) for \(name): '\(left.typeName)' and '\(right.typeName)'"
  }

  private func repeated(
    _ value: Value, _ count: Int, at offset: Int
  ) throws(TemplateError) -> Value? {
    let count = max(count, 0)
    switch value.form {
    case .text(let text):
      let (size, overflow) = text.count.multipliedReportingOverflow(by: count)
      try charge(bytes: overflow ? .max : size, at: offset)
      var out = TracedText()
      if !text.isEmpty { for _ in 0..<count { out.append(text) } }
      return .text(out)
    case .list(let list) where list.kind == .list || list.kind == .tuple:
      let (size, overflow) = list.items.count.multipliedReportingOverflow(by: count)
      try charge(overflow ? .max / 2 : size, at: offset)
      var items: [Value] = []
      if !list.items.isEmpty { for _ in 0..<count { items += list.items } }
      return try self.list(items, kind: list.kind, at: offset)
    case .undefined, .none, .bool, .number, .list, .dictionary, .iterator, .namespace, .callable,
      .loop, .cycler:
      return nil
    }
  }

  // MARK: Numbers

  /// An integer of ordinary size, or a Boolean as one.
  func integer(_ value: Value) -> Int? {
    switch value.form {
    case .bool(let value): value ? 1 : 0
    case .number(.integer(let value)): value
    case .number, .undefined, .none, .text, .list, .dictionary, .iterator, .namespace, .callable,
      .loop, .cycler:
      nil
    }
  }

  private func numeric(_ value: Value) -> JSONNumber? {
    switch value.form {
    case .bool(let value): .integer(value ? 1 : 0)
    case .number(let number): number
    case .undefined, .none, .text, .list, .dictionary, .iterator, .namespace, .callable, .loop,
      .cycler:
      nil
    }
  }

  func number(_ value: Value, at offset: Int) throws(TemplateError) -> JSONNumber {
    try checkDefined(value, at: offset)
    guard let number = numeric(value) else {
      throw TemplateError(.runtime, "a number is needed, not \(value.typeName)", at: offset)
    }
    return number
  }

  func negated(_ value: Value, at offset: Int) throws(TemplateError) -> Value {
    let number = try calculate(.minus, .integer(0), try number(value, at: offset), at: offset)
    if case .double(let value) = try self.number(value, at: offset) {
      return Value(.number(.double(-value)), from: origin(offset))
    }
    return Value(.number(number), from: origin(offset))
  }

  private func calculate(
    _ symbol: Arithmetic, _ left: JSONNumber, _ right: JSONNumber, at offset: Int
  ) throws(TemplateError) -> JSONNumber {
    if case .integer(let a) = left, case .integer(let b) = right {
      return try calculate(symbol, a, b, at: offset)
    }
    if case .bigInteger = left { throw Self.tooLarge(offset) }
    if case .bigInteger = right { throw Self.tooLarge(offset) }
    let (a, b) = (left.double, right.double)
    switch symbol {
    case .plus: return .double(a + b)
    case .minus: return .double(a - b)
    case .times: return .double(a * b)
    case .divide, .floorDivide, .modulo:
      if b == 0 { throw TemplateError(.runtime, "division by zero", at: offset) }
      if symbol == .divide { return .double(a / b) }
      let quotient = (a / b).rounded(.down)
      if symbol == .floorDivide { return .double(quotient) }
      let rest = a.truncatingRemainder(dividingBy: b)
      return .double(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest)
    case .power: return .double(pow(a, b))
    }
  }

  private func calculate(
    _ symbol: Arithmetic, _ a: Int, _ b: Int, at offset: Int
  ) throws(TemplateError) -> JSONNumber {
    var result: (partialValue: Int, overflow: Bool)
    switch symbol {
    case .plus: result = a.addingReportingOverflow(b)
    case .minus: result = a.subtractingReportingOverflow(b)
    case .times: result = a.multipliedReportingOverflow(by: b)
    case .divide, .floorDivide, .modulo:
      if b == 0 { throw TemplateError(.runtime, "division by zero", at: offset) }
      if symbol == .divide { return .double(Double(a) / Double(b)) }
      result = a.dividedReportingOverflow(by: b)
      let rest = a.remainderReportingOverflow(dividingBy: b)
      let isBelow = rest.partialValue != 0 && (rest.partialValue < 0) != (b < 0)
      if symbol == .modulo {
        result = (isBelow ? rest.partialValue + b : rest.partialValue, rest.overflow)
      } else if isBelow {
        result.partialValue -= 1
      }
    case .power:
      if b < 0 { return .double(pow(Double(a), Double(b))) }
      result = (1, false)
      var exponent = abs(a) <= 1 ? b % 2 + (b > 0 ? 2 : 0) : b
      while exponent > 0, !result.overflow {
        result = result.partialValue.multipliedReportingOverflow(by: a)
        exponent -= 1
      }
    }
    if result.overflow { throw Self.tooLarge(offset) }
    return .integer(result.partialValue)
  }

  private static func tooLarge(_ offset: Int) -> TemplateError {
    TemplateError(.limit, "integers of more than 64 bits cannot be calculated with", at: offset)
  }

  // MARK: Comparison

  func comparison(
    _ first: Expression, _ rest: [(symbol: Comparison, operand: Expression)], in scope: Scope,
    _ offset: Int
  ) throws(TemplateError) -> Value {
    var left = try evaluate(first, in: scope)
    for (symbol, operand) in rest {
      let right = try evaluate(operand, in: scope)
      if try !compare(symbol, left, right, at: operand.offset) {
        return .bool(false, from: origin(offset))
      }
      left = right
    }
    return .bool(true, from: origin(offset))
  }

  func compare(
    _ symbol: Comparison, _ left: Value, _ right: Value, at offset: Int
  ) throws(TemplateError) -> Bool {
    switch symbol {
    case .equal: return try isEqual(left, right, at: offset)
    case .unequal: return try !isEqual(left, right, at: offset)
    case .contained: return try contains(right, left, at: offset)
    case .notContained: return try !contains(right, left, at: offset)
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard let order = try order(left, right, at: offset) else {
        try checkDefined(left, at: offset)
        try checkDefined(right, at: offset)
        throw TemplateError(
          .runtime,
          "'\(symbol.rawValue)' not supported between instances of '\(left.typeName)' and "
            + "'\(right.typeName)'", at: offset)
      }
      switch symbol {
      case .less: return order == .before
      case .lessOrEqual: return order == .before || order == .same
      case .greater: return order == .after
      default: return order == .after || order == .same
      }
    }
  }

  func isEqual(_ left: Value, _ right: Value, at offset: Int) throws(TemplateError) -> Bool {
    try charge(at: offset)
    if let a = numeric(left), let b = numeric(right) { return Self.isEqual(a, b) }
    switch (left.form, right.form) {
    case (.undefined, .undefined): return true
    case (.none, .none): return true
    case (.text(let a), .text(let b)): return a.bytes == b.bytes
    case (.list(let a), .list(let b)):
      guard
        a.kind == b.kind
          || (a.kind.isSequence && b.kind.isSequence && a.kind != .list && b.kind != .list),
        a.items.count == b.items.count
      else { return false }
      for (x, y) in zip(a.items, b.items) where try !isEqual(x, y, at: offset) { return false }
      return true
    case (.dictionary(let a), .dictionary(let b)):
      guard a.members.count == b.members.count else { return false }
      for (key, value) in a.members {
        guard let hashed = DictionaryKey(key), let other = b[hashed],
          try isEqual(value, other, at: offset)
        else { return false }
      }
      return true
    case (.namespace(let a), .namespace(let b)): return a === b
    case (.iterator(let a), .iterator(let b)): return a === b
    case (.loop(let a), .loop(let b)): return a === b
    case (.cycler(let a), .cycler(let b)): return a === b
    default: return false
    }
  }

  private static func isEqual(_ left: JSONNumber, _ right: JSONNumber) -> Bool {
    switch (left, right) {
    case (.integer(let a), .integer(let b)): a == b
    case (.bigInteger(let a), .bigInteger(let b)): a == b
    case (.integer(let a), .double(let b)), (.double(let b), .integer(let a)):
      Int(exactly: b) == a
    default: left.double == right.double
    }
  }

  /// How two values compare.
  enum Order {
    case before, same, after
    /// Neither: one of them is not a number.
    case unordered
  }

  /// The order of two values; `nil` for types that have none.
  func order(_ left: Value, _ right: Value, at offset: Int) throws(TemplateError) -> Order? {
    try charge(at: offset)
    if let a = numeric(left), let b = numeric(right) {
      if case .integer(let x) = a, case .integer(let y) = b {
        return x < y ? .before : x == y ? .same : .after
      }
      let (x, y) = (a.double, b.double)
      return x < y ? .before : x == y ? .same : x > y ? .after : .unordered
    }
    switch (left.form, right.form) {
    case (.text(let a), .text(let b)):
      if a.bytes == b.bytes { return .same }
      return a.bytes.lexicographicallyPrecedes(b.bytes) ? .before : .after
    case (.list(let a), .list(let b)) where a.kind.isSequence && b.kind.isSequence:
      for (x, y) in zip(a.items, b.items) where try !isEqual(x, y, at: offset) {
        return try order(x, y, at: offset)
      }
      return a.items.count < b.items.count
        ? .before : a.items.count == b.items.count ? .same : .after
    default: return nil
    }
  }

  /// `needle in container`.
  func contains(
    _ container: Value, _ needle: Value, at offset: Int
  ) throws(TemplateError) -> Bool {
    switch container.form {
    case .text(let text):
      guard let part = needle.asText else {
        try checkDefined(needle, at: offset)
        throw TemplateError(
          .runtime, "'in <string>' requires string as left operand, not \(needle.typeName)",
          at: offset)
      }
      try charge(bytes: text.count, at: offset)
      return text.firstPlace(of: part.bytes) != nil
    case .dictionary(let dictionary):
      if needle.isUndefined { return false }
      return dictionary[try key(needle, at: offset)] != nil
    case .iterator(let iterator):
      while let item = iterator.next() {
        if try isEqual(item, needle, at: offset) { return true }
      }
      return false
    case .undefined, .list, .loop:
      for item in try elements(of: container, at: offset)
      where try isEqual(item, needle, at: offset) {
        return true
      }
      return false
    case .none, .bool, .number, .namespace, .callable, .cycler:
      throw TemplateError(
        .runtime, "argument of type '\(container.typeName)' is not iterable", at: offset)
    }
  }
}
