/// A code point with the number of bytes that spell it.
struct DecodedCodePoint {
  let codePoint: UInt32
  let length: Int
}

extension Span<UInt8> {
  /// The code point that begins at an index. A byte that begins none stands for U+FFFD, so that bad
  /// bytes end in a wrong piece at worst.
  @inline(__always)
  func codePoint(at index: Int) -> DecodedCodePoint {
    let lead = UInt32(self[index])
    if lead < 0x80 { return DecodedCodePoint(codePoint: lead, length: 1) }
    let rest = count - index
    if lead >= 0xC2, lead < 0xE0, rest >= 2 {
      return DecodedCodePoint(codePoint: (lead & 0x1F) << 6 | tail(index + 1), length: 2)
    }
    if lead >= 0xE0, lead < 0xF0, rest >= 3 {
      return DecodedCodePoint(
        codePoint: (lead & 0xF) << 12 | tail(index + 1) << 6 | tail(index + 2), length: 3)
    }
    if lead >= 0xF0, lead < 0xF5, rest >= 4 {
      let high = (lead & 7) << 18 | tail(index + 1) << 12
      return DecodedCodePoint(codePoint: high | tail(index + 2) << 6 | tail(index + 3), length: 4)
    }
    return DecodedCodePoint(codePoint: 0xFFFD, length: 1)
  }

  @inline(__always)
  private func tail(_ index: Int) -> UInt32 { UInt32(self[index] & 0x3F) }

  /// The end of the run of ASCII bytes that begins at an index, found eight bytes at a time.
  @inline(__always)
  func endOfASCII(from start: Int) -> Int {
    let raw = unsafe bytes
    var index = start
    while index &+ 8 <= count {
      // Eight bytes are left, and every pattern of bits is an integer.
      let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
      let high = UInt64(littleEndian: word) & 0x8080_8080_8080_8080
      if high != 0 { return index &+ high.trailingZeroBitCount / 8 }
      index &+= 8
    }
    while index < count, self[index] < 0x80 { index &+= 1 }
    return index
  }

  /// Where the character before an index begins.
  func characterStart(before index: Int) -> Int {
    var start = index - 1
    while start > 0, self[start] & 0xC0 == 0x80 { start -= 1 }
    return start
  }
}

extension [UInt8] {
  /// Appends a code point as UTF-8.
  mutating func append(codePoint: UInt32) {
    if codePoint < 0x80 {
      append(UInt8(truncatingIfNeeded: codePoint))
      return
    }
    let last = UInt8(truncatingIfNeeded: codePoint & 0x3F | 0x80)
    if codePoint < 0x800 {
      append(UInt8(truncatingIfNeeded: codePoint >> 6 | 0xC0))
    } else if codePoint < 0x1_0000 {
      append(UInt8(truncatingIfNeeded: codePoint >> 12 | 0xE0))
      append(UInt8(truncatingIfNeeded: codePoint >> 6 & 0x3F | 0x80))
    } else {
      append(UInt8(truncatingIfNeeded: codePoint >> 18 | 0xF0))
      append(UInt8(truncatingIfNeeded: codePoint >> 12 & 0x3F | 0x80))
      append(UInt8(truncatingIfNeeded: codePoint >> 6 & 0x3F | 0x80))
    }
    append(last)
  }
}
