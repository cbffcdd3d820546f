import Foundation

/// Functions of the C library under names that do not clash with those of suites.
enum TestMath {
  static func exp(_ x: Double) -> Double { Foundation.exp(x) }
}
