#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The values of the kernels, in doubles and in the order of operations of the references.
extension ResamplingFilter {
  /// How far the kernel reaches on each side.
  var support: Double {
    switch self {
    case .bicubic: 2
    case .lanczos: 3
    }
  }

  /// The kernel's value at a distance from its centre.
  func value(at distance: Double) -> Double {
    switch self {
    case .bicubic:
      let a = -0.5
      let x = abs(distance)
      if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
      return 0
    case .lanczos:
      guard distance >= -3, distance < 3 else { return 0 }
      return Self.sinc(distance) * Self.sinc(distance / 3)
    }
  }

  private static func sinc(_ x: Double) -> Double {
    guard x != 0 else { return 1 }
    let angle = x * Double.pi
    return sin(angle) / angle
  }
}
