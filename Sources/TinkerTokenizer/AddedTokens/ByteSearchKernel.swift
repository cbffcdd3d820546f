#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Finds a byte with the C library's vector code.
enum ByteSearchKernel {
  /// The place of a byte at or behind a place of the text, or `nil`.
  static func first(_ byte: UInt8, in text: Span<UInt8>, from start: Int) -> Int? {
    unsafe text.withUnsafeBytes { bytes in
      guard start < bytes.count, let base = bytes.baseAddress else { return nil }
      // The text has `count - start` bytes from `start` on.
      guard let found = unsafe memchr(base + start, Int32(byte), bytes.count - start) else {
        return nil
      }
      return unsafe UnsafeRawPointer(found) - base
    }
  }
}
