import FoundationEssentials
import TinkerVision

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The kernels of resampling as the specification writes them.
enum TestKernel {
  static func value(_ filter: ResamplingFilter, _ distance: Double) -> Double {
    switch filter {
    case .bicubic:
      let x = abs(distance)
      if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
      if x < 2 { return (((x - 5) * x + 8) * x - 4) * -0.5 }
      return 0
    case .lanczos:
      guard distance >= -3, distance < 3 else { return 0 }
      return sinc(distance) * sinc(distance / 3)
    }
  }

  private static func sinc(_ x: Double) -> Double {
    x == 0 ? 1 : sin(x * Double.pi) / (x * Double.pi)
  }
}
