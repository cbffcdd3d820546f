import TinkerJSON

/// `'…' % value` and `'…'.format(…)`.
extension Interpreter {
  /// A directive's width, precision and the like.
  private struct Specification {
    var fill = TracedText(" ", from: .template(0))
    var align: UInt8?
    var sign: UInt8?
    var hasZeros = false
    var groups = false
    var width = 0
    var precision: Int?
    var letter: UInt8 = UInt8(ascii: "s")
  }

  // MARK: Percent

  func percentFormat(
    _ format: TracedText, _ value: Value, at offset: Int
  ) throws(TemplateError) -> TracedText {
    var values: [Value] = [value]
    if case .list(let list) = value.form, list.kind == .tuple { values = list.items }
    var used = 0
    var out = TracedText()
    var index = 0
    let bytes = format.bytes
    while index < bytes.count {
      guard let percent = bytes[index...].firstIndex(of: UInt8(ascii: "%")) else { break }
      out.append(format[index..<percent])
      index = percent + 1
      var specification = Specification()
      var named: Value?
      if index < bytes.count, bytes[index] == UInt8(ascii: "(") {
        guard let close = bytes[index...].firstIndex(of: UInt8(ascii: ")")) else { break }
        let name = TracedText(Array(bytes[index + 1..<close]), from: origin(offset))
        named = try item(.text(name), of: value, at: offset)
        index = close + 1
      }
      index = readFlags(bytes, index, into: &specification)
      guard index < bytes.count else {
        throw TemplateError(.runtime, "incomplete format", at: offset)
      }
      specification.letter = bytes[index]
      index += 1
      if specification.letter == UInt8(ascii: "%") {
        out.append("%", from: origin(offset))
        continue
      }
      guard let argument = named ?? (used < values.count ? values[used] : nil) else {
        throw TemplateError(.runtime, "not enough arguments for format string", at: offset)
      }
      if named == nil { used += 1 }
      out.append(try formatted(argument, specification, isPercent: true, at: offset))
      try charge(bytes: out.count, at: offset)
    }
    out.append(format[index..<format.count])
    if used < values.count, case .list(let list) = value.form, list.kind == .tuple {
      throw TemplateError(
        .runtime, "not all arguments converted during string formatting", at: offset)
    }
    if used == 0, out.count == format.count, numbersOrTexts(value) {
      throw TemplateError(
        .runtime, "not all arguments converted during string formatting", at: offset)
    }
    return out
  }

  private func numbersOrTexts(_ value: Value) -> Bool {
    switch value.form {
    case .text, .number, .bool, .none: true
    default: false
    }
  }

  private func readFlags(
    _ bytes: [UInt8], _ start: Int, into specification: inout Specification
  ) -> Int {
    var index = start
    flags: while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "-"): specification.align = UInt8(ascii: "<")
      case UInt8(ascii: "+"), UInt8(ascii: " "): specification.sign = bytes[index]
      case UInt8(ascii: "0"): specification.hasZeros = true
      case UInt8(ascii: "#"): break
      default: break flags
      }
      index += 1
    }
    return readWidth(bytes, index, into: &specification)
  }

  private func readWidth(
    _ bytes: [UInt8], _ start: Int, into specification: inout Specification
  ) -> Int {
    var index = start
    func number() -> Int? {
      var value: Int?
      while index < bytes.count, (0x30...0x39).contains(bytes[index]) {
        value = min((value ?? 0) * 10 + Int(bytes[index] - 0x30), 1 << 40)
        index += 1
      }
      return value
    }
    specification.width = number() ?? 0
    if index < bytes.count, bytes[index] == UInt8(ascii: ",") {
      specification.groups = true
      index += 1
    }
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      index += 1
      specification.precision = number() ?? 0
    }
    return index
  }

  // MARK: Braces

  func braceFormat(
    _ format: TracedText, _ given: CallValues, at offset: Int
  ) throws(TemplateError) -> TracedText {
    var out = TracedText()
    var index = 0
    var next = 0
    let bytes = format.bytes
    while index < bytes.count {
      let byte = bytes[index]
      guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") else {
        let end =
          bytes[index...].firstIndex { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") }
          ?? bytes.count
        out.append(format[index..<end])
        index = end
        continue
      }
      if index + 1 < bytes.count, bytes[index + 1] == byte {
        out.append(format[index..<index + 1])
        index += 2
        continue
      }
      guard byte == UInt8(ascii: "{"),
        let close = bytes[index...].firstIndex(of: UInt8(ascii: "}"))
      else {
        throw TemplateError(.runtime, "a single brace stands in the format string", at: offset)
      }
      let field = Array(bytes[index + 1..<close])
      out.append(try braceField(field, given, &next, at: offset))
      try charge(bytes: out.count, at: offset)
      index = close + 1
    }
    return out
  }

  private func braceField(
    _ field: [UInt8], _ given: CallValues, _ next: inout Int, at offset: Int
  ) throws(TemplateError) -> TracedText {
    let parts = field.split(
      separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
    let head = parts[0].split(
      separator: UInt8(ascii: "!"), maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(decoding: head[0], as: UTF8.self)
    var value: Value?
    if name.isEmpty {
      value = next < given.positional.count ? given.positional[next] : nil
      next += 1
    } else if let index = Int(name) {
      if next > 0 {
        throw TemplateError(
          .runtime,
          "cannot switch from automatic field numbering to manual field specification", at: offset)
      }
      value = given.positional.indices.contains(index) ? given.positional[index] : nil
    } else if name.utf8.allSatisfy({ PythonText.isWord(Unicode.Scalar($0)) }) {
      value = given.named(name)
    } else {
      throw TemplateError(
        .unsupported, "the field '\(name)' of a format string is not supported", at: offset)
    }
    guard let value else {
      throw TemplateError(
        .runtime, "the format string names '\(name)', and no such argument is given", at: offset)
    }
    var shown = value
    if head.count > 1, head[1].elementsEqual("r".utf8) {
      shown = .text(try representation(of: value, at: offset))
    }
    if parts.count < 2 || parts[1].isEmpty { return try string(of: shown, at: offset) }
    return try formatted(
      shown, try specification(Array(parts[1]), at: offset), isPercent: false, at: offset)
  }

  private func specification(
    _ bytes: [UInt8], at offset: Int
  ) throws(TemplateError) -> Specification {
    var out = Specification()
    out.letter = 0
    var index = 0
    let aligns = Array("<>^=".utf8)
    if bytes.count > 1, aligns.contains(bytes[1]), bytes[0] < 0x80 {
      out.fill = TracedText([bytes[0]], from: origin(offset))
      out.align = bytes[1]
      index = 2
    } else if let first = bytes.first, aligns.contains(first) {
      out.align = first
      index = 1
    }
    if index < bytes.count, "+- ".utf8.contains(bytes[index]) {
      out.sign = bytes[index]
      index += 1
    }
    if index < bytes.count, bytes[index] == UInt8(ascii: "0") {
      out.hasZeros = true
      index += 1
    }
    index = readWidth(bytes, index, into: &out)
    if index < bytes.count {
      out.letter = bytes[index]
      index += 1
    }
    if index < bytes.count {
      throw TemplateError(.unsupported, "this format specification is not supported", at: offset)
    }
    return out
  }

  // MARK: Values

  private func formatted(
    _ value: Value, _ specification: Specification, isPercent: Bool, at offset: Int
  ) throws(TemplateError) -> TracedText {
    try charge(
      bytes: min(specification.width, .max - 1024) + min(specification.precision ?? 0, 1 << 40),
      at: offset)
    var isNumber = true
    var text: TracedText
    switch specification.letter {
    case UInt8(ascii: "d"), UInt8(ascii: "i"), UInt8(ascii: "u"):
      let number = try number(value, at: offset)
      let digits: String
      if case .double(let double) = number {
        guard isPercent, let whole = Int(exactly: double.rounded(.towardZero)) else {
          throw TemplateError(.runtime, "Unknown format code 'd' for a float", at: offset)
        }
        digits = String(whole)
      } else {
        digits = number.pythonText
      }
      text = TracedText(digits, from: value.origin)
    case UInt8(ascii: "f"), UInt8(ascii: "F"):
      text = TracedText(
        DecimalText.fixed(
          try number(value, at: offset).double, digits: specification.precision ?? 6),
        from: value.origin)
    case UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "o"), UInt8(ascii: "b"):
      guard let number = integer(value) else {
        throw TemplateError(.runtime, "an integer is needed here", at: offset)
      }
      let radix =
        specification.letter == UInt8(ascii: "o")
        ? 8 : specification.letter == UInt8(ascii: "b") ? 2 : 16
      text = TracedText(
        String(number, radix: radix, uppercase: specification.letter == UInt8(ascii: "X")),
        from: value.origin)
    case UInt8(ascii: "s"), 0:
      text = try string(of: value, at: offset)
      isNumber = specification.letter == 0 && !isText(value)
      if !isNumber, let precision = specification.precision {
        let starts = text.scalarStarts
        if precision < starts.count - 1 { text = text[0..<starts[precision]] }
      }
    case UInt8(ascii: "r") where isPercent:
      text = try representation(of: value, at: offset)
      isNumber = false
    default:
      throw TemplateError(
        .unsupported,
        "the format letter '\(Unicode.Scalar(specification.letter))' is not supported", at: offset)
    }
    if specification.groups { text = TracedText(Self.grouped(text.string), from: value.origin) }
    if isNumber, let sign = specification.sign, sign != UInt8(ascii: "-"),
      text.bytes.first != UInt8(ascii: "-")
    {
      var signed = TracedText([sign], from: value.origin)
      signed.append(text)
      text = signed
    }
    return pad(text, specification, isNumber: isNumber, isPercent: isPercent)
  }

  private func isText(_ value: Value) -> Bool { value.asText != nil }

  private func pad(
    _ text: TracedText, _ specification: Specification, isNumber: Bool, isPercent: Bool
  ) -> TracedText {
    let missing = specification.width - text.scalarCount
    if missing <= 0 { return text }
    let isRight = isPercent || isNumber
    let align = specification.align ?? UInt8(ascii: isRight ? ">" : "<")
    var fill = specification.fill
    var out = TracedText()
    var rest = text
    if specification.hasZeros, specification.align == nil, isNumber {
      fill = TracedText("0", from: text.onlyOrigin ?? .template(0))
      if let sign = text.bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
        out.append(text[0..<1])
        rest = text[1..<text.count]
      }
    }
    let left =
      align == UInt8(ascii: "<") ? 0 : align == UInt8(ascii: "^") ? missing / 2 : missing
    for _ in 0..<left { out.append(fill) }
    out.append(rest)
    for _ in left..<missing { out.append(fill) }
    return out
  }

  private static func grouped(_ digits: String) -> String {
    let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    var out = ""
    let whole = Array(parts[0])
    for (index, digit) in whole.enumerated() {
      let left = whole.count - index
      if index > 0, left % 3 == 0, whole[index - 1] != "-" { out.append(",") }
      out.append(digit)
    }
    return parts.count > 1 ? out + "." + parts[1] : out
  }
}
