import TinkerJSON

/// Filters that take text.
extension Interpreter {
  func textFilter(
    _ name: String, _ value: Value, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> Value {
    if name == "join" { return try join(value, given, at: offset) }
    let text = try string(of: value, at: offset)
    try charge(bytes: text.count, at: offset)
    switch name {
    case "string": return .text(text)
    case "safe":
      var safe = text
      safe.isMarkup = true
      return .text(safe)
    case "trim": return try call(.strip, of: text, given, at: offset)
    case "lower": return .text(text.lowercased)
    case "upper": return .text(text.uppercased)
    case "capitalize": return .text(text.capitalized)
    case "title": return .text(Self.wordsTitled(text))
    case "center":
      var given = given
      if given.value(0, "width") == nil { given.positional = [.integer(80, from: origin(offset))] }
      return try call(.center, of: text, given, at: offset)
    case "escape", "e": return .text(text.escaped)
    case "forceescape":
      var plain = text
      plain.isMarkup = false
      return .text(plain.escaped)
    case "urlencode": return .text(try percentEncoded(value, text, at: offset))
    case "wordcount": return .integer(Self.wordCount(text), from: origin(offset))
    case "format":
      if !given.named.isEmpty, given.positional.isEmpty {
        var members: [(key: Value, value: Value)] = []
        for (name, value) in given.named {
          members.append((.text(TracedText(name, from: origin(offset))), value))
        }
        return .text(try percentFormat(text, try dictionary(members, at: offset), at: offset))
      }
      return .text(
        try percentFormat(text, try list(given.positional, kind: .tuple, at: offset), at: offset))
    case "replace":
      guard let old = given.value(0, "old"), let new = given.value(1, "new") else {
        throw lacks(name, at: offset)
      }
      let limit = given.value(2, "count").flatMap { integer($0) } ?? -1
      return .text(
        try replacing(
          try string(of: old, at: offset), with: try string(of: new, at: offset), in: text,
          limit: limit < 0 ? .max : limit, at: offset))
    case "indent": return .text(try indented(text, given, at: offset))
    case "truncate": return .text(try truncated(text, given, at: offset))
    default: throw TemplateError(.runtime, "No filter named '\(name)'.", at: offset)
    }
  }

  private func join(
    _ value: Value, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> Value {
    var items = try elements(of: value, at: offset)
    if let attribute = given.value(1, "attribute"), !attribute.isNone {
      var parts: [Value] = []
      for item in items { parts.append(try keyed(item, by: attribute, at: offset)) }
      items = parts
    }
    var separator = TracedText()
    if let given = given.value(0, "d") { separator = try string(of: given, at: offset) }
    return .text(try joined(items, separator, isStrict: false, at: offset))
  }

  /// Each word with a capital, where words begin behind white space, dashes and opening brackets.
  private static func wordsTitled(_ text: TracedText) -> TracedText {
    let breaks: Set<Unicode.Scalar> = ["-", "(", "{", "[", "<"]
    let all = text.scalars
    return text.mapped { (scalar, index) in
      let begins =
        index == 0 || breaks.contains(all[index - 1]) || PythonText.isSpace(all[index - 1])
      return begins ? scalar.properties.uppercaseMapping : scalar.properties.lowercaseMapping
    }
  }

  private func percentEncoded(
    _ value: Value, _ text: TracedText, at offset: Int
  ) throws(TemplateError) -> TracedText {
    var pairs: [(key: Value, value: Value)]?
    switch value.form {
    case .dictionary, .list, .iterator: pairs = try members(of: value, at: offset)
    default: break
    }
    guard let pairs else { return Self.percentEncoded(text, spacesAs: "%20", keeping: "/") }
    var out = TracedText()
    for (index, (key, value)) in pairs.enumerated() {
      if index > 0 { out.append("&", from: origin(offset)) }
      out.append(Self.percentEncoded(try string(of: key, at: offset), spacesAs: "+", keeping: ""))
      out.append("=", from: origin(offset))
      out.append(Self.percentEncoded(try string(of: value, at: offset), spacesAs: "+", keeping: ""))
    }
    return out
  }

  private static func percentEncoded(
    _ text: TracedText, spacesAs space: String, keeping kept: String
  ) -> TracedText {
    let plain = Set("_.-~".utf8).union(kept.utf8)
    let digits = Array("0123456789ABCDEF".utf8)
    var out = TracedText()
    for (index, byte) in text.bytes.enumerated() {
      if byte == UInt8(ascii: " ") {
        out.append(space, from: text.origin(at: index))
        continue
      }
      let isPlain =
        plain.contains(byte)
        || (byte < 0x80 && byte != UInt8(ascii: "_") && PythonText.isWord(Unicode.Scalar(byte)))
      out.append(
        isPlain ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]],
        from: text.origin(at: index))
    }
    return out
  }

  private static func wordCount(_ text: TracedText) -> Int {
    var count = 0
    var isInWord = false
    for scalar in text.scalars {
      let isWord = PythonText.isWord(scalar)
      if isWord, !isInWord { count += 1 }
      isInWord = isWord
    }
    return count
  }

  private func indented(
    _ text: TracedText, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> TracedText {
    var prefix = TracedText("    ", from: origin(offset))
    if let width = given.value(0, "width") {
      if let count = integer(width) {
        try charge(bytes: max(count, 0), at: offset)
        prefix = TracedText(String(repeating: " ", count: max(count, 0)), from: origin(offset))
      } else {
        prefix = try string(of: width, at: offset)
      }
    }
    let first = given.value(1, "first")?.isTrue
    let blank = given.value(2, "blank")?.isTrue
    // The reference adds a newline before it cuts lines, and puts newlines between them again.
    var ended = text
    ended.append("\n", from: text.runs.last?.origin ?? origin(offset))
    let newline = TracedText("\n", from: text.onlyOrigin ?? origin(offset))
    let lines = ended.lines(keepingEnds: false)
    let (size, overflow) = lines.count.multipliedReportingOverflow(by: prefix.count)
    try charge(bytes: overflow ? .max : size, at: offset)
    var out = TracedText()
    for (index, line) in lines.enumerated() {
      if index > 0 { out.append(newline) }
      if index == 0 ? first == true : blank == true || !line.isEmpty { out.append(prefix) }
      out.append(line)
    }
    return out
  }

  private func truncated(
    _ text: TracedText, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> TracedText {
    let length = given.value(0, "length").flatMap { integer($0) } ?? 255
    let kills = given.value(1, "killwords")?.isTrue
    var end = TracedText("...", from: origin(offset))
    if let given = given.value(2, "end") { end = try string(of: given, at: offset) }
    let leeway = given.value(3, "leeway").flatMap { integer($0) } ?? 5
    let starts = text.scalarStarts
    if starts.count - 1 <= length.addingReportingOverflow(leeway).partialValue { return text }
    let kept = length - end.scalarCount
    guard kept >= 0, kept < starts.count else {
      throw TemplateError(.runtime, "the length of truncate is shorter than its end", at: offset)
    }
    var out = text[0..<starts[kept]]
    if kills != true, let blank = out.lastPlace(of: [UInt8(ascii: " ")]) { out = out[0..<blank] }
    out.append(end)
    return out
  }
}
