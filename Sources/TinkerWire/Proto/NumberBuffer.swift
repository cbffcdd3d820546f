#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Numbers as little-endian bytes and back: the one place that looks at memory.
///
/// The unsafe calls copy between an array's own storage and bytes; counts are derived from the source,
/// and the element types are plain numbers of which every bit pattern is a value.
enum NumberBuffer {
  /// The bytes of integers.
  static func bytes<Number: FixedWidthInteger>(of values: [Number]) -> Data {
    let ordered = Number(littleEndian: 1) == 1 ? values : values.map(\.littleEndian)
    return unsafe ordered.withUnsafeBytes { unsafe Data($0) }
  }

  /// The bytes of floats.
  static func bytes(of values: [Float]) -> Data {
    UInt32(littleEndian: 1) == 1
      ? unsafe values.withUnsafeBytes { unsafe Data($0) } : bytes(of: values.map(\.bitPattern))
  }

  /// The integers in bytes, or `nil` if the bytes are no whole number of them.
  static func integers<Number: FixedWidthInteger>(
    _ bytes: Data, as type: Number.Type = Number.self
  ) -> [Number]? {
    let size = MemoryLayout<Number>.size
    guard bytes.count.isMultiple(of: size) else { return nil }
    var out = [Number](repeating: 0, count: bytes.count / size)
    _ = unsafe out.withUnsafeMutableBytes { unsafe bytes.copyBytes(to: $0) }
    return Number(littleEndian: 1) == 1 ? out : out.map { Number(littleEndian: $0) }
  }

  /// The floats in bytes, or `nil` if the bytes are no whole number of them.
  static func floats(_ bytes: Data) -> [Float]? {
    guard UInt32(littleEndian: 1) == 1 else {
      return integers(bytes, as: UInt32.self)?.map { Float(bitPattern: $0) }
    }
    guard bytes.count.isMultiple(of: 4) else { return nil }
    var out = [Float](repeating: 0, count: bytes.count / 4)
    _ = unsafe out.withUnsafeMutableBytes { unsafe bytes.copyBytes(to: $0) }
    return out
  }
}
