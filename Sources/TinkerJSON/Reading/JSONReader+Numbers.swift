extension JSONReader {
  /// Reads a number: exact if it is an integer literal.
  public mutating func readNumber() throws(JSONError) -> JSONNumber {
    try expect(.number)
    let start = offset
    switch try scanNumber() {
    case .nan: return .double(.nan)
    case .infinity: return .double(.infinity)
    case .negativeInfinity: return .double(-.infinity)
    case .integer:
      if let value = integer(in: start..<offset) { return .integer(value) }
      return .bigInteger(literal(in: start..<offset))
    case .decimal:
      return .double(Double(literal(in: start..<offset)) ?? .infinity)
    }
  }

  /// Reads an integer literal that an `Int` holds.
  public mutating func readInt() throws(JSONError) -> Int {
    try expect(.number)
    let start = offset
    guard try scanNumber() == .integer, let value = integer(in: start..<offset) else {
      throw error(.integerOutOfRange, at: start)
    }
    return value
  }

  /// Reads a number as a double.
  public mutating func readDouble() throws(JSONError) -> Double { try readNumber().double }

  enum NumberForm { case integer, decimal, nan, infinity, negativeInfinity }

  /// Passes over a number and says of what form it is.
  mutating func scanNumber() throws(JSONError) -> NumberForm {
    if skipWord("NaN") { return .nan }
    if skipWord("Infinity") { return .infinity }
    if skipWord("-Infinity") { return .negativeInfinity }
    var index = offset
    if byte(at: index) == UInt8(ascii: "-") { index += 1 }
    switch byte(at: index) {
    case UInt8(ascii: "0"): index += 1
    case UInt8(ascii: "1")...UInt8(ascii: "9"): index = digits(from: index)
    default: throw error(.expectingValue)
    }
    var form = NumberForm.integer
    if byte(at: index) == UInt8(ascii: "."), isDigit(at: index + 1) {
      index = digits(from: index + 1)
      form = .decimal
    }
    if byte(at: index) | 0x20 == UInt8(ascii: "e") {
      let sign = byte(at: index + 1)
      let first =
        sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") ? index + 2 : index + 1
      if isDigit(at: first) {
        index = digits(from: first)
        form = .decimal
      }
    }
    offset = index
    return form
  }

  private func isDigit(at index: Int) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte(at: index))
  }

  private func digits(from start: Int) -> Int {
    var index = start
    while isDigit(at: index) { index += 1 }
    return index
  }

  private func integer(in range: Range<Int>) -> Int? {
    var index = range.lowerBound
    let isNegative = bytes[index] == UInt8(ascii: "-")
    if isNegative { index += 1 }
    var value = 0
    while index < range.upperBound {
      let digit = Int(bytes[index] - UInt8(ascii: "0"))
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) =
        isNegative
        ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
      if overflow || carry { return nil }
      value = sum
      index += 1
    }
    return value
  }

  /// A number's characters, which are ASCII.
  private func literal(in range: Range<Int>) -> String {
    String(validating: bytes.extracting(range)) ?? ""
  }
}
