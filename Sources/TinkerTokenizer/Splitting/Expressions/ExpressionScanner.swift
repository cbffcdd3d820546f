/// A position in the text of an expression.
struct ExpressionScanner {
  private let scalars: [Unicode.Scalar]
  private var position = 0

  init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

  var isAtEnd: Bool { position == scalars.count }

  var next: Unicode.Scalar? { isAtEnd ? nil : scalars[position] }

  /// Takes the next scalar.
  mutating func take() -> Unicode.Scalar? {
    guard let scalar = next else { return nil }
    position += 1
    return scalar
  }

  /// Takes a text if it comes next.
  mutating func take(_ text: String) -> Bool {
    guard comes(text) else { return false }
    position += text.unicodeScalars.count
    return true
  }

  func comes(_ text: String) -> Bool {
    scalars[position...].starts(with: text.unicodeScalars)
  }

  /// Takes everything before a scalar, and the scalar; `nil` if it does not come.
  mutating func take(upTo end: Unicode.Scalar) -> String? {
    guard let found = scalars[position...].firstIndex(of: end) else { return nil }
    let text = scalars[position..<found]
    position = found + 1
    return String(String.UnicodeScalarView(text))
  }

  /// Takes hexadecimal digits, as many as a range allows, and gives their value; `nil` if there are too
  /// few.
  mutating func takeHexDigits(_ allowed: ClosedRange<Int>) -> UInt32? {
    var value: UInt32 = 0
    var count = 0
    while count < allowed.upperBound, let scalar = next, scalar.isASCII,
      let digit = Character(scalar).hexDigitValue
    {
      value = value << 4 | UInt32(digit)
      position += 1
      count += 1
    }
    return count < allowed.lowerBound ? nil : value
  }

  /// Takes `{n}`, `{n,}`, `{,m}` or `{n,m}`. Anything else is not an interval, and nothing is taken.
  mutating func takeInterval() -> RepetitionCount? {
    let start = position
    guard take("{") else { return nil }
    let minimum = takeDecimal()
    let hasComma = take(",")
    let maximum = hasComma ? takeDecimal() : minimum
    guard minimum != nil || maximum != nil, take("}") else {
      position = start
      return nil
    }
    return RepetitionCount(minimum: minimum ?? 0, maximum: maximum)
  }

  /// Takes decimal digits; a number that is too large for any use becomes a large one.
  private mutating func takeDecimal() -> Int? {
    var value: Int?
    while let scalar = next, ("0"..."9").contains(scalar) {
      value = min((value ?? 0) * 10 + Int(scalar.value - 48), 1_000_000)
      position += 1
    }
    return value
  }
}
