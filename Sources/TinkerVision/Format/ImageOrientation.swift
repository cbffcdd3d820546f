/// How a stored picture must be turned to stand upright: the EXIF orientation.
public enum ImageOrientation: Int, Sendable, Hashable {
  /// As stored.
  case up = 1
  /// Mirrored left to right.
  case mirrored = 2
  /// Turned by 180 degrees.
  case turned = 3
  /// Mirrored top to bottom.
  case flipped = 4
  /// Mirrored at the diagonal from top left.
  case transposed = 5
  /// Turned by 90 degrees clockwise.
  case clockwise = 6
  /// Mirrored at the diagonal from top right.
  case transverse = 7
  /// Turned by 90 degrees anticlockwise.
  case anticlockwise = 8

  /// Whether width and height change places.
  public var swapsSides: Bool { rawValue >= 5 }

  /// The orientation that an EXIF block states, or `up` when it states none that is known.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - range: Where the block stands in the file, with or without `Exif` in front.
  init(exif bytes: Span<UInt8>, in range: Range<Int>) {
    let block = bytes.extracting(range)
    let start = block.hasBytes("Exif\u{0}\u{0}") ? 6 : 0
    self = Self.read(block.extracting(start..<block.count)) ?? .up
  }

  private static func read(_ tiff: Span<UInt8>) -> ImageOrientation? {
    let bigEndian = tiff.hasBytes("MM\u{0}*")
    guard bigEndian || tiff.hasBytes("II*\u{0}") else { return nil }
    func number16(_ offset: Int) -> Int? {
      guard let value = tiff.bigEndian16(at: offset) else { return nil }
      return bigEndian ? value : (value & 0xFF) << 8 | value >> 8
    }
    func number32(_ offset: Int) -> Int? {
      guard let first = number16(offset), let second = number16(offset + 2) else { return nil }
      return bigEndian ? first << 16 | second : second << 16 | first
    }
    guard let directory = number32(4), let entries = number16(directory) else { return nil }
    for entry in 0..<entries {
      let offset = directory + 2 + entry * 12
      guard let tag = number16(offset), let type = number16(offset + 2) else { return nil }
      guard tag == 0x0112 else { continue }
      let value = type == 3 ? number16(offset + 8) : type == 4 ? number32(offset + 8) : nil
      return value.flatMap(ImageOrientation.init)
    }
    return nil
  }
}
