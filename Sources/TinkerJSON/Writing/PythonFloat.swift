/// Doubles as Python's `repr` spells them.
enum PythonFloat {
  /// Shortest digits that read back the same; fixed notation for exponents from -4 to 15,
  /// otherwise one digit before the point and an exponent of at least two digits.
  static func representation(of value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    let sign = value.sign == .minus ? "-" : ""
    let (digits, exponent) = shortestDigits(of: value.magnitude)
    if exponent >= -4 && exponent < 16 {
      return sign + fixed(digits, exponent: exponent)
    }
    let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
    let power = abs(exponent) < 10 ? "0\(abs(exponent))" : "\(abs(exponent))"
    return "\(sign)\(digits.prefix(1))\(fraction)e\(exponent < 0 ? "-" : "+")\(power)"
  }

  /// The digits without leading or trailing zeros, and the power of ten of the first one.
  private static func shortestDigits(of value: Double) -> (digits: String, exponent: Int) {
    if value == 0 { return ("0", 0) }
    // The standard library writes the shortest digits that read back the same.
    let parts = value.description.split(separator: "e")
    let power = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let whole = mantissa[0]
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    let all = Array((whole + fraction).utf8)
    let leading = all.prefix { $0 == UInt8(ascii: "0") }.count
    var kept = all.dropFirst(leading)
    while kept.count > 1, kept.last == UInt8(ascii: "0") { kept.removeLast() }
    return (String(decoding: kept, as: UTF8.self), power + whole.utf8.count - 1 - leading)
  }

  private static func fixed(_ digits: String, exponent: Int) -> String {
    if exponent < 0 {
      return "0." + String(repeating: "0", count: -exponent - 1) + digits
    }
    let wholeCount = exponent + 1
    if digits.count <= wholeCount {
      return digits + String(repeating: "0", count: wholeCount - digits.count) + ".0"
    }
    return digits.prefix(wholeCount) + "." + digits.dropFirst(wholeCount)
  }
}
