import TinkerFiles

extension SHA256 {
  /// The digest of bytes.
  static func digest(of bytes: [UInt8]) -> String {
    var digest = SHA256()
    digest.update(bytes.span)
    return digest.finish()
  }

  /// The digest of floats as little-endian bytes.
  static func digest(of values: Span<Float>) -> String {
    var digest = SHA256()
    values.forEachLittleEndianBlock { digest.update($0) }
    return digest.finish()
  }
}

extension Span<Float> {
  /// Hands out the values as little-endian bytes, some thousand at a time.
  func forEachLittleEndianBlock<Failure>(
    _ body: (Span<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    var block: [UInt8] = []
    block.reserveCapacity(1 << 16)
    for index in indices {
      let bits = self[index].bitPattern
      block.append(UInt8(truncatingIfNeeded: bits))
      block.append(UInt8(truncatingIfNeeded: bits >> 8))
      block.append(UInt8(truncatingIfNeeded: bits >> 16))
      block.append(UInt8(truncatingIfNeeded: bits >> 24))
      if block.count == 1 << 16 {
        try body(block.span)
        block.removeAll(keepingCapacity: true)
      }
    }
    try body(block.span)
  }
}
