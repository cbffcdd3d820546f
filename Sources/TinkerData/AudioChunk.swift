/// Audio as a serialised tensor of mel frames.
public struct AudioChunk: Sendable, Hashable {
  /// A container with more dimensions than this is refused.
  private static let maximumDimensions: UInt64 = 16
  /// The first byte of a container whose elements are all equal.
  private static let constantMark: UInt8 = 254
  /// The number of element types that a container can name.
  private static let elementTypes: UInt8 = 8

  /// The bytes of the container.
  public let data: [UInt8]
  /// The first dimension of the tensor: the positions that the audio takes.
  public let frameCount: Int

  /// Reads the header of a container: an optional mark for constant tensors, the element type, the
  /// number of dimensions and the dimensions as variable-length integers.
  ///
  /// - Throws: `DataError` if the header ends early or names no dimension.
  public init(data: [UInt8]) throws(DataError) {
    var rest = data[...]
    if rest.first == Self.constantMark { rest.removeFirst() }
    guard let type = rest.popFirst(), type < Self.elementTypes else {
      throw .unexpected("an element type from 0 to 7", at: "audio container")
    }
    guard let count = Self.variableLength(&rest), count > 0, count <= Self.maximumDimensions,
      let first = Self.variableLength(&rest).flatMap(Int.init(exactly:))
    else { throw .unexpected("at least one dimension", at: "audio container") }
    self.data = data
    frameCount = first
  }

  private static func variableLength(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 63, by: 7) {
      guard let byte = bytes.popFirst() else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }
}
