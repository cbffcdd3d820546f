import TinkerJSON

/// Values as text.
extension Interpreter {
  /// `str(value)`, as output and most filters use it.
  func string(of value: Value, at offset: Int) throws(TemplateError) -> TracedText {
    switch value.form {
    case .text(let text): return text
    case .undefined: return TracedText()
    case .none, .bool, .number, .list, .dictionary, .iterator, .namespace, .callable, .loop,
      .cycler:
      return try representation(of: value, at: offset)
    }
  }

  /// `repr(value)`.
  func representation(of value: Value, at offset: Int) throws(TemplateError) -> TracedText {
    var out = TracedText()
    try appendRepresentation(of: value, depth: 0, to: &out, at: offset)
    return out
  }

  private func appendRepresentation(
    of value: Value, depth: Int, to out: inout TracedText, at offset: Int
  ) throws(TemplateError) {
    try charge(at: offset)
    try checkDepth(depth, at: offset)
    let origin = value.origin
    switch value.form {
    case .undefined: out.append("Undefined", from: origin)
    case .none: out.append("None", from: origin)
    case .bool(let value): out.append(value ? "True" : "False", from: origin)
    case .number(let number): out.append(number.pythonText, from: origin)
    case .text(let text):
      out.append(PythonRepresentation.repr(text.string), from: text.onlyOrigin ?? origin)
    case .list(let list):
      let (open, close) =
        switch list.kind {
        case .list: ("[", "]")
        case .tuple, .group: ("(", list.items.count == 1 ? ",)" : ")")
        case .range: ("range(", ")")
        case .keys, .values, .items: ("\(list.kind.rawValue)([", "])")
        }
      out.append(open, from: origin)
      if list.kind == .range {
        out.append(Self.bounds(of: list), from: origin)
      } else {
        for (index, item) in list.items.enumerated() {
          if index > 0 { out.append(", ", from: origin) }
          try appendRepresentation(of: item, depth: depth + 1, to: &out, at: offset)
        }
      }
      out.append(close, from: origin)
    case .dictionary(let dictionary):
      out.append("{", from: origin)
      for (index, (key, item)) in dictionary.members.enumerated() {
        if index > 0 { out.append(", ", from: origin) }
        try appendRepresentation(of: key, depth: depth + 1, to: &out, at: offset)
        out.append(": ", from: origin)
        try appendRepresentation(of: item, depth: depth + 1, to: &out, at: offset)
      }
      out.append("}", from: origin)
    case .iterator, .callable, .loop, .cycler, .namespace:
      throw TemplateError(
        .unsupported, "a \(value.typeName) has no text that is the same in every run", at: offset)
    }
    try charge(bytes: out.count, at: offset)
  }

  private static func bounds(of range: ListValue) -> String {
    guard case .number(.integer(let first))? = range.items.first?.form,
      case .number(.integer(let last))? = range.items.last?.form
    else { return "0, 0" }
    let step =
      if range.items.count > 1, case .number(.integer(let second)) = range.items[1].form {
        second - first
      } else { 1 }
    return "\(first), \(last + step.signum())" + (step == 1 ? "" : ", \(step)")
  }

  // MARK: JSON

  /// How `tojson` writes.
  struct JSONForm {
    var isASCII = false
    var sortsKeys = false
    var itemSeparator = Array(", ".utf8)
    var keySeparator = Array(": ".utf8)
    /// What each level is indented by; `nil` for one line.
    var indent: String?
  }

  /// `json.dumps(value)`; every part keeps its place.
  func json(
    of value: Value, _ form: JSONForm, at offset: Int
  ) throws(TemplateError) -> TracedText {
    var out = TracedText()
    try appendJSON(of: value, form, depth: 0, to: &out, at: offset)
    return out
  }

  private func appendJSON(
    of value: Value, _ form: JSONForm, depth: Int, to out: inout TracedText, at offset: Int
  ) throws(TemplateError) {
    try charge(at: offset)
    try checkDepth(depth, at: offset)
    let origin = value.origin
    switch value.form {
    case .none: out.append("null", from: origin)
    case .bool(let value): out.append(value ? "true" : "false", from: origin)
    case .number(let number): out.append(Self.json(of: number), from: origin)
    case .text(let text): appendString(text, form, to: &out)
    case .list(let list) where list.kind == .list || list.kind == .tuple || list.kind == .group:
      if list.items.isEmpty {
        out.append("[]", from: origin)
        break
      }
      out.append("[", from: origin)
      for (index, item) in list.items.enumerated() {
        appendSeparator(form, isFirst: index == 0, depth: depth + 1, from: origin, to: &out)
        try appendJSON(of: item, form, depth: depth + 1, to: &out, at: offset)
      }
      appendNewline(form, depth: depth, from: origin, to: &out)
      out.append("]", from: origin)
    case .dictionary(let dictionary):
      try appendJSON(dictionary, form, depth: depth, from: origin, to: &out, at: offset)
    case .undefined, .list, .iterator, .namespace, .callable, .loop, .cycler:
      throw TemplateError(
        .runtime, "Object of type \(value.typeName) is not JSON serializable", at: offset)
    }
    try charge(bytes: out.count, at: offset)
  }

  private func appendJSON(
    _ dictionary: DictionaryValue, _ form: JSONForm, depth: Int, from origin: Origin,
    to out: inout TracedText, at offset: Int
  ) throws(TemplateError) {
    if dictionary.members.isEmpty {
      out.append("{}", from: origin)
      return
    }
    var members = dictionary.members
    if form.sortsKeys { members = try sorted(members, at: offset) { $0.key } }
    out.append("{", from: origin)
    for (index, (key, item)) in members.enumerated() {
      appendSeparator(form, isFirst: index == 0, depth: depth + 1, from: origin, to: &out)
      switch key.form {
      case .text(let text): appendString(text, form, to: &out)
      case .none: out.append("\"null\"", from: key.origin)
      case .bool(let value): out.append(value ? "\"true\"" : "\"false\"", from: key.origin)
      case .number(let number): out.append("\"\(Self.json(of: number))\"", from: key.origin)
      case .undefined, .list, .dictionary, .iterator, .namespace, .callable, .loop, .cycler:
        throw TemplateError(
          .runtime,
          "keys must be str, int, float, bool or None, not \(key.typeName)", at: offset)
      }
      out.append(form.keySeparator, from: origin)
      try appendJSON(of: item, form, depth: depth + 1, to: &out, at: offset)
    }
    appendNewline(form, depth: depth, from: origin, to: &out)
    out.append("}", from: origin)
  }

  private static func json(of number: JSONNumber) -> String {
    var writer = JSONWriter()
    writer.number(number)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private func appendString(_ text: TracedText, _ form: JSONForm, to out: inout TracedText) {
    var start = 0
    out.append("\"", from: text.runs.first?.origin ?? .template(0))
    for run in text.runs {
      var escaped: [UInt8] = []
      let part = Array(text.bytes[start..<run.end])
      StringEscaper.append(part.span, isASCII: form.isASCII, to: &escaped)
      out.append(escaped.dropFirst().dropLast(), from: run.origin)
      start = run.end
    }
    out.append("\"", from: text.runs.last?.origin ?? .template(0))
  }

  private func appendSeparator(
    _ form: JSONForm, isFirst: Bool, depth: Int, from origin: Origin, to out: inout TracedText
  ) {
    if !isFirst { out.append(form.itemSeparator, from: origin) }
    appendNewline(form, depth: depth, from: origin, to: &out)
  }

  private func appendNewline(
    _ form: JSONForm, depth: Int, from origin: Origin, to out: inout TracedText
  ) {
    guard let indent = form.indent else { return }
    out.append("\n" + String(repeating: indent, count: depth), from: origin)
  }
}
