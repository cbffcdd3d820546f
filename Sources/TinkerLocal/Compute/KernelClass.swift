internal import CTinkerKernels

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A class of processors that the kernels are compiled for.
package enum KernelClass: String, CaseIterable, Sendable {
  /// What every processor of the architecture has: SSE2, or NEON.
  case base
  /// AVX2 with fused multiply-add.
  case avx2
  /// AVX-512. Its results equal those of AVX2 bit for bit.
  case avx512

  /// The classes that this processor has.
  package static var available: [KernelClass] {
    allCases.filter { unsafe tk_kernels_of_class($0.number) != nil }
  }

  /// The class that the environment variable `TINKERKIT_KERNEL` names, else the best one.
  package static var preferred: KernelClass {
    let available = available
    if let text = unsafe getenv("TINKERKIT_KERNEL") {
      let name = unsafe String(cString: text)
      if let forced = available.first(where: { $0.rawValue == name }) { return forced }
    }
    return available.last ?? .base
  }

  var number: Int32 {
    switch self {
    case .base: Int32(TK_CLASS_BASE)
    case .avx2: Int32(TK_CLASS_AVX2)
    case .avx512: Int32(TK_CLASS_AVX512)
    }
  }
}
