/// The ids of a text and the place of each.
///
/// A token covers the characters that it came from, whole ones: a character that is split over
/// several tokens belongs to each of them. Template tokens cover `0..<0`. Offsets are contiguous only
/// where normalization changed nothing.
public struct Encoding: Sendable, Hashable {
  /// The text that was encoded.
  public let text: String
  /// The ids.
  public let ids: [UInt32]
  /// The place of each id in the UTF-8 bytes of the text.
  public let byteOffsets: [Range<Int>]

  /// The place of each id in the Unicode scalars of the text, as Python counts.
  public var scalarOffsets: [Range<Int>] {
    var scalarsBefore: [Int] = []
    var count = 0
    scalarsBefore.reserveCapacity(text.utf8.count + 1)
    for byte in text.utf8 {
      if byte & 0xC0 != 0x80 { count += 1 }
      scalarsBefore.append(count - 1)
    }
    scalarsBefore.append(count)
    return byteOffsets.map { scalarsBefore[$0.lowerBound]..<scalarsBefore[$0.upperBound] }
  }
}
