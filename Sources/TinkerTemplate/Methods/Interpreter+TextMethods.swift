import TinkerJSON

/// The methods of strings.
extension Interpreter {
  func call(
    _ method: TextMethod, of text: TracedText, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> Value {
    try charge(bytes: text.count, at: offset)
    switch method {
    case .capitalize: return .text(text.capitalized)
    case .casefold, .lower: return .text(text.lowercased)
    case .upper: return .text(text.uppercased)
    case .title: return .text(text.titled)
    case .swapcase: return .text(text.caseSwapped)
    case .strip, .lstrip, .rstrip:
      let set = try optionalText(given.value(0, "chars"), method, at: offset)?.scalars
      return .text(text.stripped(start: method != .rstrip, end: method != .lstrip, of: set))
    case .startswith, .endswith:
      return .bool(
        try hasAffix(text, given, atStart: method == .startswith, at: offset), from: origin(offset))
    case .removeprefix:
      let prefix = try textArgument(given, 0, method, at: offset)
      return .text(text.hasPrefix(prefix.bytes) ? text[prefix.count..<text.count] : text)
    case .removesuffix:
      let suffix = try textArgument(given, 0, method, at: offset)
      return .text(
        !suffix.isEmpty && text.hasSuffix(suffix.bytes)
          ? text[0..<text.count - suffix.count] : text)
    case .replace:
      let limit = try count(given.value(2, "count"), at: offset)
      return .text(
        try replacing(
          try textArgument(given, 0, method, at: offset),
          with: try textArgument(given, 1, method, at: offset),
          in: text, limit: limit, at: offset))
    case .split, .rsplit: return try split(text, given, fromEnd: method == .rsplit, at: offset)
    case .splitlines:
      let keeps = given.value(0, "keepends")?.isTrue
      return try list(text.lines(keepingEnds: keeps ?? false).map { .text($0) }, at: offset)
    case .partition, .rpartition:
      return try partition(text, given, fromEnd: method == .rpartition, at: offset)
    case .join:
      guard let items = given.positional.first else { throw missingArgument(method, at: offset) }
      return .text(
        try joined(try elements(of: items, at: offset), text, isStrict: true, at: offset))
    case .count:
      return .integer(
        text.occurrences(of: try textArgument(given, 0, method, at: offset).bytes),
        from: origin(offset))
    case .find, .rfind, .index, .rindex: return try find(method, in: text, given, at: offset)
    case .center, .ljust, .rjust, .zfill: return .text(try padded(method, text, given, at: offset))
    case .expandtabs:
      return .text(text.replacing([9], with: TracedText("        ", from: origin(offset))))
    case .format: return .text(try braceFormat(text, given, at: offset))
    case .formatMap:
      guard case .dictionary(let dictionary)? = given.positional.first?.form else {
        throw missingArgument(method, at: offset)
      }
      var values = CallValues()
      for (key, value) in dictionary.members {
        values.named.append((try string(of: key, at: offset).string, value))
      }
      return .text(try braceFormat(text, values, at: offset))
    case .isalnum, .isalpha, .isascii, .isdecimal, .isdigit, .isidentifier, .islower, .isnumeric,
      .isprintable, .isspace, .istitle, .isupper:
      return .bool(text.isAll(method), from: origin(offset))
    }
  }

  // MARK: Arguments

  private func missingArgument(_ method: TextMethod, at offset: Int) -> TemplateError {
    TemplateError(.runtime, "\(method.rawValue)() lacks an argument", at: offset)
  }

  private func textArgument(
    _ given: CallValues, _ index: Int, _ method: TextMethod, at offset: Int
  ) throws(TemplateError) -> TracedText {
    guard index < given.positional.count else { throw missingArgument(method, at: offset) }
    guard let text = try optionalText(given.positional[index], method, at: offset) else {
      throw TemplateError(
        .runtime, "\(method.rawValue)() takes strings, not NoneType", at: offset)
    }
    return text
  }

  private func optionalText(
    _ value: Value?, _ method: TextMethod, at offset: Int
  ) throws(TemplateError) -> TracedText? {
    guard let value, !value.isNone else { return nil }
    try checkDefined(value, at: offset)
    guard let text = value.asText else {
      throw TemplateError(
        .runtime, "\(method.rawValue)() takes strings, not \(value.typeName)", at: offset)
    }
    return text
  }

  /// A count of which negative means without limit.
  private func count(_ value: Value?, at offset: Int) throws(TemplateError) -> Int {
    guard let value, !value.isNone else { return .max }
    guard let count = integer(value) else {
      throw TemplateError(.runtime, "a count is an integer", at: offset)
    }
    return count < 0 ? .max : count
  }

  func replacing(
    _ pattern: TracedText, with replacement: TracedText, in text: TracedText, limit: Int,
    at offset: Int
  ) throws(TemplateError) -> TracedText {
    let places = min(text.occurrences(of: pattern.bytes), limit)
    let (added, overflow) = replacement.count.multipliedReportingOverflow(by: places)
    try charge(bytes: overflow ? .max : text.count &+ added, at: offset)
    return text.replacing(pattern.bytes, with: replacement, limit: limit)
  }

  // MARK: Parts

  private func hasAffix(
    _ text: TracedText, _ given: CallValues, atStart: Bool, at offset: Int
  ) throws(TemplateError) -> Bool {
    guard let first = given.positional.first else {
      throw missingArgument(atStart ? .startswith : .endswith, at: offset)
    }
    let range = try bounds(given, in: text, at: offset)
    guard let range else { return false }
    let part = text[range]
    var candidates = [first]
    if case .list(let list) = first.form, list.kind == .tuple { candidates = list.items }
    for candidate in candidates {
      guard let affix = try optionalText(candidate, atStart ? .startswith : .endswith, at: offset)
      else { throw missingArgument(atStart ? .startswith : .endswith, at: offset) }
      if atStart ? part.hasPrefix(affix.bytes) : part.hasSuffix(affix.bytes) { return true }
    }
    return false
  }

  /// The bytes between the second and the third argument, which count scalars; `nil` if they cross.
  private func bounds(
    _ given: CallValues, in text: TracedText, at offset: Int
  ) throws(TemplateError) -> Range<Int>? {
    if given.positional.count < 2 { return 0..<text.count }
    let starts = text.scalarStarts
    let count = starts.count - 1
    func place(_ index: Int, _ missing: Int) throws(TemplateError) -> Int {
      guard index < given.positional.count, !given.positional[index].isNone else { return missing }
      guard let value = integer(given.positional[index]) else {
        throw TemplateError(.runtime, "positions are integers", at: offset)
      }
      return value < 0 ? max(value + count, 0) : value
    }
    let low = try place(1, 0)
    let high = min(try place(2, count), count)
    return low <= high ? starts[low]..<starts[high] : nil
  }

  private func find(
    _ method: TextMethod, in text: TracedText, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> Value {
    let pattern = try textArgument(given, 0, method, at: offset)
    var found: Int?
    if let range = try bounds(given, in: text, at: offset) {
      found =
        method == .find || method == .index
        ? text.firstPlace(of: pattern.bytes, from: range.lowerBound, to: range.upperBound)
        : text.lastPlace(of: pattern.bytes, from: range.lowerBound, to: range.upperBound)
    }
    if found == nil, method == .index || method == .rindex {
      throw TemplateError(.runtime, "substring not found", at: offset)
    }
    return .integer(found.map { text[0..<$0].scalarCount } ?? -1, from: origin(offset))
  }

  private func split(
    _ text: TracedText, _ given: CallValues, fromEnd: Bool, at offset: Int
  ) throws(TemplateError) -> Value {
    let limit = try count(given.value(1, "maxsplit"), at: offset)
    let parts: [TracedText]
    if let separator = try optionalText(
      given.value(0, "sep"), fromEnd ? .rsplit : .split, at: offset)
    {
      if separator.isEmpty { throw TemplateError(.runtime, "empty separator", at: offset) }
      parts =
        fromEnd
        ? text.splitFromEnd(at: separator.bytes, limit: limit)
        : text.split(at: separator.bytes, limit: limit)
    } else {
      parts = text.words(limit: limit, fromEnd: fromEnd)
    }
    return try list(parts.map { .text($0) }, at: offset)
  }

  private func partition(
    _ text: TracedText, _ given: CallValues, fromEnd: Bool, at offset: Int
  ) throws(TemplateError) -> Value {
    let separator = try textArgument(given, 0, fromEnd ? .rpartition : .partition, at: offset)
    if separator.isEmpty { throw TemplateError(.runtime, "empty separator", at: offset) }
    let place =
      fromEnd ? text.lastPlace(of: separator.bytes) : text.firstPlace(of: separator.bytes)
    var parts = fromEnd ? [TracedText(), TracedText(), text] : [text, TracedText(), TracedText()]
    if let place {
      let end = place + separator.count
      parts = [text[0..<place], text[place..<end], text[end..<text.count]]
    }
    return try list(parts.map { .text($0) }, kind: .tuple, at: offset)
  }

  private func padded(
    _ method: TextMethod, _ text: TracedText, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> TracedText {
    guard let first = given.value(0, "width"), let width = integer(first) else {
      throw missingArgument(method, at: offset)
    }
    var fill = TracedText(method == .zfill ? "0" : " ", from: origin(offset))
    if method != .zfill,
      let given = try optionalText(given.value(1, "fillchar"), method, at: offset)
    {
      fill = given
    }
    let missing = width - text.scalarCount
    if missing <= 0 { return text }
    try charge(bytes: missing, at: offset)
    // Python puts the odd blank of `center` on the left only where the width is odd.
    let left =
      switch method {
      case .ljust: 0
      case .center: missing / 2 + (missing & width & 1)
      default: missing
      }
    var out = TracedText()
    var rest = text
    if method == .zfill, let sign = text.bytes.first, sign == 0x2B || sign == 0x2D {
      out.append(text[0..<1])
      rest = text[1..<text.count]
    }
    for _ in 0..<left { out.append(fill) }
    out.append(rest)
    for _ in left..<missing where method != .zfill { out.append(fill) }
    return out
  }

  // MARK: Joining

  /// Values with a text between them; `isStrict`, only strings.
  func joined(
    _ items: [Value], _ separator: TracedText, isStrict: Bool, at offset: Int
  ) throws(TemplateError) -> TracedText {
    var out = TracedText()
    for (index, item) in items.enumerated() {
      if isStrict, item.asText == nil {
        try checkDefined(item, at: offset)
        throw TemplateError(
          .runtime,
          "sequence item \(index): expected str instance, \(item.typeName) found", at: offset)
      }
      if index > 0 { out.append(separator) }
      out.append(try string(of: item, at: offset))
      try charge(bytes: out.count, at: offset)
    }
    return out
  }
}
