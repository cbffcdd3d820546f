import TinkerJSON

/// Weights as JSON numbers.
enum Weights {
  /// As Python writes a float: `1.0`.
  static func float(_ weight: Float) -> String {
    weight == 0 ? "0.0" : weight == 1 ? "1.0" : JSONNumber.double(Double(weight)).pythonText
  }

  /// Without a point where the weight is whole: `1`.
  static func short(_ weight: Float) -> String {
    Int(exactly: weight).map { String($0) } ?? JSONNumber.double(Double(weight)).pythonText
  }
}

extension [UInt8] {
  /// Appends numbers with commas between them.
  mutating func appendList(of numbers: Span<UInt32>) {
    reserveCapacity(Swift.max(count + 7 * numbers.count, Swift.min(2 * count, 1 << 24)))
    for index in numbers.indices {
      if index > 0 { append(UInt8(ascii: ",")) }
      appendDigits(of: numbers[index])
    }
  }

  /// Appends the decimal digits of a number.
  private mutating func appendDigits(of number: UInt32) {
    var divisor: UInt32 = 1
    while number / divisor >= 10 { divisor &*= 10 }
    while divisor > 0 {
      append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number / divisor % 10))
      divisor /= 10
    }
  }

  /// Appends one text many times with commas between.
  mutating func appendRepeated(_ text: String, count: Int, isFirst: inout Bool) {
    for _ in 0..<Swift.max(count, 0) {
      if !isFirst { append(UInt8(ascii: ",")) }
      isFirst = false
      append(contentsOf: text.utf8)
    }
  }
}
