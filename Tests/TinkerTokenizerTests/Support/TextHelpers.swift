import TinkerTokenizer

/// The scalar offset of every byte offset of a text, its end included.
func scalarOffsets(of bytes: [UInt8]) -> [Int] {
  var result: [Int] = []
  var count = 0
  for byte in bytes {
    if byte & 0xC0 != 0x80 { count += 1 }
    result.append(count - 1)
  }
  return result + [count]
}

/// The pieces of a text as strings.
func pieces(of text: String, _ preTokenizer: PreTokenizer) -> [String] {
  let bytes = Array(text.utf8)
  var buffer = PieceBuffer()
  preTokenizer.split(bytes.span, into: &buffer)
  return (0..<buffer.count).map { String(decoding: bytes[buffer[$0]], as: UTF8.self) }
}

extension PieceBuffer {
  var ranges: [Range<Int>] { (0..<count).map { self[$0] } }
}

/// Bytes as `ByteLevel` spells them.
func byteAlphabet(_ bytes: some Sequence<UInt8>) -> String {
  var scalars = String.UnicodeScalarView()
  for byte in bytes {
    switch byte {
    case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: scalars.append(Unicode.Scalar(byte))
    case ..<0x21: append(0x100 + UInt32(byte))
    case 0x7F...0xA0: append(0x121 + UInt32(byte) - 0x7F)
    default: append(0x143)
    }
  }
  func append(_ value: UInt32) { if let scalar = Unicode.Scalar(value) { scalars.append(scalar) } }
  return String(scalars)
}
