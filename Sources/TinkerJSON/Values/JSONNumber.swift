/// A JSON number as Python reads it: literals without a point or exponent are exact integers.
public enum JSONNumber: Sendable, Hashable {
  /// An integer that fits an `Int`.
  case integer(Int)
  /// An integer that does not, as its literal: an optional `-` and decimal digits.
  case bigInteger(String)
  /// A literal with a point or an exponent, or `NaN`, `Infinity`, `-Infinity`.
  case double(Double)

  /// The value as a double, rounded where it must be.
  public var double: Double {
    switch self {
    case .integer(let value): Double(value)
    case .bigInteger(let digits): Double(digits) ?? .nan
    case .double(let value): value
    }
  }

  /// The number as Python's `str` and `repr` spell it: `1.0`, `1e-07`, `inf`, `nan`.
  public var pythonText: String {
    switch self {
    case .integer(let value): String(value)
    case .bigInteger(let digits): digits
    case .double(let value): PythonFloat.representation(of: value)
    }
  }
}
