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
    makeRoom(for: numbers.count * 7)
    for index in numbers.indices {
      if index > 0 { append(UInt8(ascii: ",")) }
      appendDigits(of: numbers[index])
    }
  }

  /// Appends 0, 1, 2, … with commas between them.
  mutating func appendCount(to end: Int) {
    makeRoom(for: end * 5)
    for number in 0..<Swift.max(end, 0) {
      if number > 0 { append(UInt8(ascii: ",")) }
      appendDigits(of: UInt32(truncatingIfNeeded: number))
    }
  }

  /// Appends one text many times with commas between.
  mutating func appendRepeated(_ text: String, count: Int, isFirst: inout Bool) {
    guard count > 0 else { return }
    let unit = Array(",\(text)".utf8)
    makeRoom(for: count * unit.count)
    append(contentsOf: isFirst ? unit.dropFirst() : unit[...])
    isFirst = false
    for _ in 1..<count {
      for byte in unit { append(byte) }
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

  /// Enlarges the memory, at least to its double: asking for what is needed alone would copy
  /// everything again at each call.
  private mutating func makeRoom(for more: Int) {
    if capacity - count < more { reserveCapacity(Swift.max(count + more, 2 * capacity)) }
  }
}
