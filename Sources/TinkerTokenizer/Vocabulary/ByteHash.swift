/// The hash of the tables that are keyed by bytes.
///
/// One 64 × 64 → 128 bit multiplication for each eight bytes, the halves folded together. A seed that
/// is drawn per process keeps a file from choosing its collisions.
struct ByteHash: Sendable {
  let seed: UInt64

  /// A hash whose seed nobody knows.
  static func random() -> ByteHash { ByteHash(seed: UInt64.random(in: .min ... .max)) }

  @inline(__always)
  static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = (left ^ 0x9E37_79B9_7F4A_7C15)
      .multipliedFullWidth(by: right ^ 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }

  /// The hash of bytes; `salt` tells equal bytes of different kinds apart.
  @inline(__always)
  func callAsFunction(_ bytes: Span<UInt8>, salt: UInt64) -> UInt64 {
    let raw = unsafe bytes.bytes
    let count = raw.byteCount
    var hash = seed ^ UInt64(truncatingIfNeeded: count) &+ salt &<< 32
    var index = 0
    while index &+ 8 <= count {
      // Eight bytes are left, and every pattern of bits is an integer.
      let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
      hash = Self.mix(hash, word)
      index &+= 8
    }
    var tail: UInt64 = 0
    while index < count {
      tail = tail &<< 8 | UInt64(bytes[index])
      index &+= 1
    }
    return Self.mix(hash, tail)
  }
}
