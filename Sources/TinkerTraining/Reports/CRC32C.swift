/// The cyclic redundancy check with Castagnoli's polynomial, which guards the records of event files.
enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1
    }
  }

  /// The check of bytes.
  static func value(of bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { value, byte in
      value >> 8 ^ table[Int(UInt8(truncatingIfNeeded: value) ^ byte)]
    }
  }

  /// The check in the form in which records carry it: turned and moved, so that the check of data that
  /// hold checks is no special case.
  static func masked(of bytes: [UInt8]) -> UInt32 {
    let value = value(of: bytes)
    return (value >> 15 | value << 17) &+ 0xA282_EAD8
  }
}
