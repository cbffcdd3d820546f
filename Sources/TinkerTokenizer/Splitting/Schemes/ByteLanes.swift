/// 64 bytes that are compared all at once. A mask has one bit a byte, lowest first.
///
/// ``WordLanes`` is plain arithmetic for every processor, ``VectorLanes`` the same by vectors.
package protocol ByteLanes {
  /// Takes the 64 bytes at an address.
  @unsafe
  init(_ bytes: UnsafeRawPointer)

  /// The bytes that are one of some ASCII characters in a row.
  func mask(of characters: ClosedRange<UInt8>) -> UInt64
  /// The bytes that are a certain ASCII character.
  func mask(of character: UInt8) -> UInt64
  /// The bytes that are ASCII letters.
  var letters: UInt64 { get }
  /// The bytes that are not ASCII.
  var wide: UInt64 { get }
}

/// Eight bytes at a time, as a number with the first byte lowest.
///
/// Adding to each byte at once: a byte below 128 plus 128 - x has its high bit set from x on.
package struct WordLanes: ByteLanes {
  private var words = InlineArray<8, UInt64>(repeating: 0)

  @unsafe
  package init(_ bytes: UnsafeRawPointer) {
    for index in 0..<8 {
      let word = unsafe bytes.loadUnaligned(fromByteOffset: index &* 8, as: UInt64.self)
      words[index] = UInt64(littleEndian: word)
    }
  }

  package func mask(of characters: ClosedRange<UInt8>) -> UInt64 {
    gather { Self.within(characters, $0) & ~$0 }
  }

  package func mask(of character: UInt8) -> UInt64 {
    gather { Self.within(character...character, $0) & ~$0 }
  }

  package var letters: UInt64 {
    gather { Self.within(0x61...0x7A, $0 | Self.each(0x20)) & ~$0 }
  }

  package var wide: UInt64 { gather { $0 } }

  /// The high bit of every byte whose lower seven bits are in a range; the other bits are anything.
  @inline(__always)
  private static func within(_ range: ClosedRange<UInt8>, _ word: UInt64) -> UInt64 {
    let low = word & each(0x7F)
    return (low &+ each(0x80 &- range.lowerBound)) & ~(low &+ each(0x7F &- range.upperBound))
  }

  /// The byte in all eight places.
  @inline(__always)
  private static func each(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

  /// The high bits of the bytes that a function makes.
  @inline(__always)
  private func gather(_ function: (UInt64) -> UInt64) -> UInt64 {
    var mask: UInt64 = 0
    for index in 0..<8 {
      // The product shifts every high bit to its place in the highest byte.
      let bits = (function(words[index]) & Self.each(0x80)) >> 7
      mask |= ((bits &* 0x0102_0408_1020_4080) >> 56) << UInt64(truncatingIfNeeded: index &* 8)
    }
    return mask
  }
}
