import CZstd

/// Compression of request bodies.
package enum Zstd {
  /// One frame at the default level, or `nil` if the library cannot.
  package static func compress(_ bytes: [UInt8]) -> [UInt8]? {
    let bound = ZSTD_compressBound(bytes.count)
    guard ZSTD_isError(bound) == 0 else { return nil }
    var out = [UInt8](repeating: 0, count: bound)
    // Both buffers are as long as the counts that are passed with them.
    let count = unsafe out.withUnsafeMutableBytes { target in
      unsafe bytes.withUnsafeBytes { source in
        unsafe ZSTD_compress(
          target.baseAddress, target.count, source.baseAddress, source.count, ZSTD_CLEVEL_DEFAULT)
      }
    }
    guard ZSTD_isError(count) == 0 else { return nil }
    out.removeSubrange(count...)
    return out
  }

  /// The content of one frame whose size is written in it, or `nil` if it is not one.
  package static func decompress(_ bytes: [UInt8], limit: Int = 1 << 28) -> [UInt8]? {
    let size = unsafe bytes.withUnsafeBytes { source in
      unsafe ZSTD_getFrameContentSize(source.baseAddress, source.count)
    }
    guard size <= UInt64(limit) else { return nil }
    var out = [UInt8](repeating: 0, count: Int(size))
    let count = unsafe out.withUnsafeMutableBytes { target in
      unsafe bytes.withUnsafeBytes { source in
        unsafe ZSTD_decompress(target.baseAddress, target.count, source.baseAddress, source.count)
      }
    }
    return count == out.count ? out : nil
  }
}
