import TinkerFiles

/// Files that NumPy's `load` reads (format 1.0).
enum ArrayFile {
  /// What an array holds.
  enum Element: String {
    case int32 = "<i4"
    case int64 = "<i8"
    case float32 = "<f4"

    /// Its bytes.
    var size: Int { self == .int64 ? 8 : 4 }

    /// What safetensors files call it.
    var safetensorsName: String {
      switch self {
      case .int32: "I32"
      case .int64: "I64"
      case .float32: "F32"
      }
    }
  }

  /// Writes an array of float32 in C order.
  static func write(
    _ values: Span<Float>, shape: [Int], to path: String, _ interruption: Interruption
  ) throws(FileError) {
    var output = try OutputFile(path: path, interruption: interruption)
    try output.write(header(.float32, shape: shape).span)
    try values.forEachLittleEndianBlock { (block) throws(FileError) in try output.write(block) }
    try output.commit()
  }

  /// What stands before the data, which begin at a multiple of 64 bytes.
  static func header(_ type: Element, shape: [Int]) -> [UInt8] {
    let extents = shape.map { "\($0)," }.joined(separator: " ")
    var text = "{'descr': '\(type.rawValue)', 'fortran_order': False, 'shape': (\(extents)), }"
    let padding = (64 - (10 + text.utf8.count + 1) % 64) % 64
    text += String(repeating: " ", count: padding) + "\n"
    let length = text.utf8.count
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
      + Array(text.utf8)
  }
}

extension [UInt8] {
  /// Appends the bytes of a number, the least first.
  mutating func appendLittleEndian(_ number: some FixedWidthInteger) {
    for shift in stride(from: 0, to: number.bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }
}
