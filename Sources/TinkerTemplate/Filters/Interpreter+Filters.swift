import TinkerJSON

/// `value | filter`.
extension Interpreter {
  static let filterNames: Set<String> = [
    "abs", "attr", "batch", "capitalize", "center", "count", "d", "default", "dictsort", "e",
    "escape", "first", "float", "forceescape", "format", "groupby", "indent", "int", "items",
    "join", "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr",
    "replace", "reverse", "round", "safe", "select", "selectattr", "slice", "sort", "string",
    "sum", "title", "tojson", "trim", "truncate", "unique", "upper", "urlencode", "wordcount",
  ]

  func filter(
    _ name: String, _ value: Value, _ given: CallValues, in scope: Scope, at offset: Int
  ) throws(TemplateError) -> Value {
    switch name {
    case "default", "d":
      let fallback = given.value(0, "default_value") ?? .text(TracedText())
      let isLoose = given.value(1, "boolean")?.isTrue
      if value.isUndefined { return fallback }
      return isLoose == true && !value.isTrue ? fallback : value
    case "length", "count": return .integer(try count(of: value, at: offset), from: origin(offset))
    case "list": return try list(try elements(of: value, at: offset), at: offset)
    case "items":
      if value.isUndefined { return try iterator([], at: offset) }
      guard case .dictionary(let dictionary) = value.form else {
        throw TemplateError(.runtime, "Can only get item pairs from a mapping.", at: offset)
      }
      return try iterator(
        try elements(of: try items(of: dictionary, kind: .items, at: offset), at: offset),
        at: offset)
    case "attr":
      guard let name = given.value(0, "name")?.asText else { throw lacks(name, at: offset) }
      return try attribute(name.string, of: value, at: offset)
    case "abs", "round", "int", "float", "sum", "min", "max":
      return try numberFilter(name, value, given, at: offset)
    case "first", "last", "reverse", "sort", "dictsort", "unique", "batch", "slice", "groupby",
      "map", "select", "reject", "selectattr", "rejectattr":
      return try sequenceFilter(name, value, given, in: scope, at: offset)
    case "tojson": return .text(try json(of: value, try jsonForm(given, at: offset), at: offset))
    default:
      guard Self.filterNames.contains(name) else {
        throw TemplateError(
          Self.knownElsewhere.contains(name) ? .unsupported : .runtime,
          "No filter named '\(name)'.", at: offset)
      }
      return try textFilter(name, value, given, at: offset)
    }
  }

  /// Filters of the reference that depend on chance, or that no chat template needs.
  private static let knownElsewhere: Set<String> = [
    "filesizeformat", "pprint", "random", "striptags", "urlize", "wordwrap", "xmlattr",
  ]

  func lacks(_ name: String, at offset: Int) -> TemplateError {
    TemplateError(.runtime, "the filter '\(name)' lacks an argument", at: offset)
  }

  private func count(of value: Value, at offset: Int) throws(TemplateError) -> Int {
    switch value.form {
    case .text(let text): return text.scalarCount
    case .dictionary(let dictionary): return dictionary.members.count
    case .list(let list): return list.items.count
    case .loop(let loop): return loop.items.count
    case .undefined: return 0
    case .none, .bool, .number, .iterator, .namespace, .callable, .cycler:
      throw TemplateError(
        .runtime, "object of type '\(value.typeName)' has no len()", at: offset)
    }
  }

  private func jsonForm(_ given: CallValues, at offset: Int) throws(TemplateError) -> JSONForm {
    var form = JSONForm()
    if let value = given.value(0, "ensure_ascii") { form.isASCII = value.isTrue }
    if let value = given.value(1, "indent"), !value.isNone {
      if let text = value.asText {
        form.indent = text.string
      } else if let count = integer(value) {
        try charge(bytes: max(count, 0), at: offset)
        form.indent = String(repeating: " ", count: max(count, 0))
      }
      form.itemSeparator = Array(",".utf8)
    }
    if let value = given.value(2, "separators"), !value.isNone {
      let parts = try elements(of: value, at: offset)
      guard parts.count == 2, let item = parts[0].asText, let key = parts[1].asText else {
        throw TemplateError(.runtime, "separators are two strings", at: offset)
      }
      (form.itemSeparator, form.keySeparator) = (item.bytes, key.bytes)
    }
    if let value = given.value(3, "sort_keys") { form.sortsKeys = value.isTrue }
    return form
  }

  // MARK: Numbers

  private func numberFilter(
    _ name: String, _ value: Value, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> Value {
    switch name {
    case "abs":
      switch try number(value, at: offset) {
      case .integer(let number):
        return Value(.number(.integer(Int(clamping: number.magnitude))), from: origin(offset))
      case let number: return Value(.number(.double(abs(number.double))), from: origin(offset))
      }
    case "round":
      let digits = try given.value(0, "precision").map { value throws(TemplateError) in
        integer(value) ?? 0
      }
      let way = given.value(1, "method")?.asText?.string ?? "common"
      if way == "common", case .number(.integer) = value.form { return value }
      let number = try number(value, at: offset).double
      return Value(
        .number(.double(Self.rounded(number, digits: digits ?? 0, way))), from: origin(offset))
    case "int", "float": return try converted(name, value, given, at: offset)
    case "sum":
      var total = given.value(1, "start") ?? .integer(0, from: origin(offset))
      for item in try elements(of: value, at: offset) {
        let part = try keyed(item, by: given.value(0, "attribute"), at: offset)
        total = try apply(.plus, total, part, at: offset)
      }
      return total
    default:
      let items = try elements(of: value, at: offset)
      let isCaseSensitive = given.value(0, "case_sensitive")?.isTrue
      let attribute = given.value(1, "attribute")
      guard var best = items.first else {
        return .undefined("No aggregated item, sequence was empty.", from: origin(offset))
      }
      var bestKey = try sortKey(best, attribute, isCaseSensitive ?? false, at: offset)
      for item in items.dropFirst() {
        let key = try sortKey(item, attribute, isCaseSensitive ?? false, at: offset)
        if try compare(name == "max" ? .greater : .less, key, bestKey, at: offset) {
          (best, bestKey) = (item, key)
        }
      }
      return best
    }
  }

  private static func rounded(_ value: Double, digits: Int, _ way: String) -> Double {
    if way == "common" {
      if digits >= 0 { return Double(DecimalText.fixed(value, digits: digits)) ?? value }
    }
    var scale = 1.0
    for _ in 0..<min(abs(digits), 400) { scale *= 10 }
    let scaled = digits >= 0 ? value * scale : value / scale
    let whole =
      scaled.rounded(way == "ceil" ? .up : way == "floor" ? .down : .toNearestOrEven)
    return digits >= 0 ? whole / scale : whole * scale
  }

  private func converted(
    _ name: String, _ value: Value, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> Value {
    var result: JSONNumber?
    switch value.form {
    case .bool(let value): result = .integer(value ? 1 : 0)
    case .number(let number): result = number
    case .text(let text):
      let digits = text.stripped(start: true, end: true).string.filter { $0 != "_" }
      let radix = given.value(1, "base").flatMap { integer($0) } ?? 10
      if name == "int", (2...36).contains(radix), let number = Int(digits, radix: radix) {
        result = .integer(number)
      } else {
        result = Double(digits).map { .double($0) }
      }
    case .undefined:
      try checkDefined(value, at: offset)
    case .none, .list, .dictionary, .iterator, .namespace, .callable, .loop, .cycler: break
    }
    if name == "float" {
      if let result { return Value(.number(.double(result.double)), from: value.origin) }
      return given.value(0, "default") ?? Value(.number(.double(0)), from: origin(offset))
    }
    if case .double(let double)? = result {
      result = Int(exactly: double.rounded(.towardZero)).map { .integer($0) }
    }
    if let result { return Value(.number(result), from: value.origin) }
    return given.value(0, "default") ?? .integer(0, from: origin(offset))
  }
}
