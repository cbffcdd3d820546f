import TinkerFiles

/// Files that NumPy's `load` reads (format 1.0).
enum ArrayFile {
  /// Writes an array of float32 in C order.
  static func write(
    _ values: Span<Float>, shape: [Int], to path: String, _ interruption: Interruption
  ) throws(FileError) {
    let extents = shape.map { "\($0)," }.joined(separator: " ")
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(extents)), }"
    // The data begin at a multiple of 64 bytes.
    let padding = (64 - (10 + header.utf8.count + 1) % 64) % 64
    header += String(repeating: " ", count: padding) + "\n"
    let length = header.utf8.count
    let magic: [UInt8] =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
    var output = try OutputFile(path: path, interruption: interruption)
    try output.write(magic.span)
    try output.write(header)
    try values.forEachLittleEndianBlock { (block) throws(FileError) in try output.write(block) }
    try output.commit()
  }
}
