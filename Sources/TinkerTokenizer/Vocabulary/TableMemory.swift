#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The memory of a large table: zeros, from a border of 2 MB on, and the only owner of it.
///
/// Where the system has pages of that size it is asked for them before anything is written: a place in
/// a table then costs no search for its page. The system gives zeros without writing them, so what a
/// table does not use costs nothing. The address is kept as a number because pointers are not
/// `Sendable`; whoever writes must be the only one who has the object.
@safe
final class TableMemory: Sendable {
  private static let pageSize = 1 << 21

  private let allocated: UInt
  private let start: UInt
  /// The number of bytes.
  let count: Int

  /// Memory of so many zeros; at least one.
  init(count: Int) {
    self.count = count
    // Small tables need no pages of their own, only the border of a line.
    let border = count < Self.pageSize / 2 ? 64 : Self.pageSize
    let size = (count + border - 1) & ~(border - 1)
    guard let raw = unsafe calloc(1, size + border) else {
      // As the standard library does when there is no memory for an array.
      preconditionFailure("there is no memory for a table of \(count) bytes")
    }
    allocated = UInt(bitPattern: raw)
    start = (allocated &+ UInt(border) &- 1) & ~(UInt(border) &- 1)
    #if os(Linux)
      if border == Self.pageSize {
        // Whole pages of the new memory. A refusal changes nothing but the time.
        _ = unsafe madvise(UnsafeMutableRawPointer(bitPattern: start), size, Int32(MADV_HUGEPAGE))
      }
    #endif
  }

  deinit { unsafe free(UnsafeMutableRawPointer(bitPattern: allocated)) }

  /// The memory. The pointer must not outlive the object.
  @unsafe
  @inline(__always)
  var pointer: UnsafeMutableRawPointer {
    // The address came from a pointer.
    unsafe UnsafeMutableRawPointer(bitPattern: start).unsafelyUnwrapped
  }
}
