#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension [UInt64] {
  /// Zeros for a large table that is read all over. Where the system has pages of 2 MB it is asked for
  /// them, before anything is written: a place in a table then costs no search for its page.
  static func tableOfZeros(_ count: Int) -> [UInt64] {
    unsafe [UInt64](unsafeUninitializedCapacity: count) { room, used in
      #if os(Linux)
        let pageSize: UInt = 1 << 21
        let start = UInt(bitPattern: room.baseAddress)
        let first = (start &+ pageSize &- 1) & ~(pageSize &- 1)
        let end = (start &+ UInt(count &* 8)) & ~(pageSize &- 1)
        // Whole pages that lie in the new memory. A refusal changes nothing but the time.
        if first < end {
          _ = unsafe madvise(
            UnsafeMutableRawPointer(bitPattern: first), Int(end &- first), Int32(MADV_HUGEPAGE))
        }
      #endif
      unsafe room.initialize(repeating: 0)
      used = count
    }
  }
}
