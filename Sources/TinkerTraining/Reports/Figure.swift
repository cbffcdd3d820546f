#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// Numbers for people.
enum Figure {
  /// A number with so many digits that count, without zeros at its end: `0.03125`, `1,234`, `2.5e-05`.
  static func text(_ value: Double, digits: Int = 4) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : value < 0 ? "−∞" : "∞" }
    guard value != 0 else { return "0" }
    var exponent = Int(log10(abs(value)).rounded(.down))
    if exponent < -4 || exponent > 8 {
      var mantissa = value / pow(10, Double(exponent))
      // Rounding can carry over.
      if abs(mantissa).rounded(toPlaces: digits - 1) >= 10 {
        mantissa /= 10
        exponent += 1
      }
      return decimal(mantissa, places: digits - 1) + "e" + String(exponent)
    }
    return decimal(value, places: max(0, digits - 1 - exponent))
  }

  /// `1:05`, `2:03:04`
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
    let whole = Int(seconds.rounded())
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return hours > 0
      ? "\(hours):\(two(minutes)):\(two(whole % 60))" : "\(minutes):\(two(whole % 60))"
  }

  /// A number with at most so many places behind the point.
  static func decimal(_ value: Double, places: Int) -> String {
    let scaled = (abs(value) * pow(10, Double(places))).rounded()
    guard scaled < 1e15 else { return "\(value)" }
    var digits = String(Int(scaled))
    while digits.count <= places { digits = "0" + digits }
    var whole = String(digits.dropLast(places))
    var fraction = String(digits.suffix(places))
    while fraction.hasSuffix("0") { fraction.removeLast() }
    if whole.count > 4 { whole = grouped(whole) }
    let sign = value < 0 && scaled > 0 ? "-" : ""
    return sign + whole + (fraction.isEmpty ? "" : "." + fraction)
  }

  private static func grouped(_ digits: String) -> String {
    var out = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { out += "," }
      out.append(digit)
    }
    return out
  }

  /// Round numbers that divide a range, at least two and about so many.
  static func ticks(from low: Double, to high: Double, about count: Int) -> [Double] {
    guard low.isFinite, high.isFinite, high > low, count > 0 else { return [low] }
    let rough = (high - low) / Double(count)
    let power = pow(10, log10(rough).rounded(.down))
    let step = [1, 2, 2.5, 5, 10].first { $0 * power >= rough }.map { $0 * power } ?? rough
    guard step > 0, (high - low) / step < 50 else { return [low] }
    let first = (low / step).rounded(.up)
    var out: [Double] = []
    var index = 0.0
    while (first + index) * step <= high + step * 1e-9, out.count < 50 {
      out.append((first + index) * step)
      index += 1
    }
    return out
  }
}

extension Double {
  fileprivate func rounded(toPlaces places: Int) -> Double {
    let scale = pow(10, Double(places))
    return (self * scale).rounded() / scale
  }
}
