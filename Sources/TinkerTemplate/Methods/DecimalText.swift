/// Doubles with a fixed number of digits, rounded as C's `printf` does: exactly, and half to even.
enum DecimalText {
  /// More digits than a double has behind the point are zeros.
  private static let mostDigits = 1100

  static func fixed(_ value: Double, digits: Int) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    let sign = value.sign == .minus ? "-" : ""
    let digits = min(max(digits, 0), mostDigits)
    let (whole, fraction) = expansion(of: value.magnitude)
    var all = whole + fraction.prefix(digits)
    all += Array(repeating: 0, count: max(digits - fraction.count, 0))
    if rounds(up: fraction.dropFirst(digits), last: all.last ?? 0) {
      var index = all.count - 1
      while index >= 0, all[index] == 9 {
        all[index] = 0
        index -= 1
      }
      if index >= 0 { all[index] += 1 } else { all.insert(1, at: 0) }
    }
    let text = all.map { String($0) }.joined()
    if digits == 0 { return sign + text }
    return sign + text.dropLast(digits) + "." + text.suffix(digits)
  }

  private static func rounds(up rest: ArraySlice<UInt8>, last: UInt8) -> Bool {
    guard let first = rest.first else { return false }
    if first != 5 { return first > 5 }
    return rest.dropFirst().contains { $0 != 0 } || last % 2 == 1
  }

  /// All digits of a double, which has finitely many.
  private static func expansion(of value: Double) -> (whole: [UInt8], fraction: [UInt8]) {
    var rest = value.rounded(.towardZero)
    let fraction = value - rest
    var exponent = 0
    // Halving is exact, and leaves an integer that is doubled again in decimal.
    while rest >= 9_007_199_254_740_992 {
      rest /= 2
      exponent += 1
    }
    var whole = Array(String(Int(rest)).utf8).map { $0 - 0x30 }
    for _ in 0..<exponent { double(&whole) }
    guard fraction > 0 else { return (whole, []) }
    let power = 52 - Int(fraction.exponent)
    return (whole, digits(of: fraction.significandBitPattern | 1 << 52, dividedByTwoTo: power))
  }

  private static func double(_ digits: inout [UInt8]) {
    var carry: UInt8 = 0
    for index in digits.indices.reversed() {
      let value = digits[index] * 2 + carry
      digits[index] = value % 10
      carry = value / 10
    }
    if carry > 0 { digits.insert(carry, at: 0) }
  }

  /// The decimal digits of `numerator / 2^power`, which is below 1.
  private static func digits(of numerator: UInt64, dividedByTwoTo power: Int) -> [UInt8] {
    // numerator / 2^power = numerator · 5^power / 10^power.
    var product = Array(String(numerator).utf8).map { $0 - 0x30 }
    for _ in 0..<power {
      var carry = 0
      for index in product.indices.reversed() {
        let value = Int(product[index]) * 5 + carry
        product[index] = UInt8(value % 10)
        carry = value / 10
      }
      while carry > 0 {
        product.insert(UInt8(carry % 10), at: 0)
        carry /= 10
      }
    }
    var out = Array(repeating: UInt8(0), count: max(power - product.count, 0)) + product
    while out.last == 0 { out.removeLast() }
    return out
  }
}
