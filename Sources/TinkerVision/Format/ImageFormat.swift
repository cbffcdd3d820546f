public import TinkerData

/// The file formats that are read.
public enum ImageFormat: String, Sendable, Hashable {
  /// Portable Network Graphics.
  case png
  /// JPEG.
  case jpeg

  /// The format of a file by its first bytes.
  ///
  /// - Throws: `ImageError`: `truncated` when the file is too short to tell, `unsupportedFormat`, with
  ///   the name of what was recognised, for everything else.
  public init(of bytes: Span<UInt8>) throws(ImageError) {
    let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF]
    for (signature, format) in [(png, ImageFormat.png), (jpeg, .jpeg)] {
      let common = min(signature.count, bytes.count)
      guard (0..<common).allSatisfy({ signature[$0] == bytes[$0] }) else { continue }
      guard common == signature.count else {
        throw ImageError(
          .truncated, "the file has only \(bytes.count) bytes and is no whole PNG or JPEG")
      }
      self = format
      return
    }
    let found = Self.recognize(bytes) ?? "of no known image format"
    throw ImageError(.unsupportedFormat, "the file is \(found); PNG and JPEG are read")
  }

  /// What a file is that is not read.
  private static func recognize(_ bytes: Span<UInt8>) -> String? {
    if bytes.hasBytes("GIF8") { return "a GIF" }
    if bytes.hasBytes("RIFF"), bytes.hasBytes("WEBP", at: 8) { return "a WebP" }
    if bytes.hasBytes("BM") { return "a BMP" }
    if bytes.hasBytes("II*\u{0}") || bytes.hasBytes("MM\u{0}*") { return "a TIFF" }
    if bytes.hasBytes("ftyp", at: 4) {
      if bytes.hasBytes("avi", at: 8) { return "an AVIF" }
      for brand: StaticString in ["heic", "heix", "hevc", "mif1", "msf1"]
      where bytes.hasBytes(brand, at: 8) {
        return "a HEIC"
      }
      return "a video or another ISO media file"
    }
    if bytes.hasBytes("8BPS") { return "a Photoshop document" }
    if bytes.hasBytes("%PDF") { return "a PDF" }
    if bytes.hasBytes("<svg") || bytes.hasBytes("<?xml") { return "an SVG or another XML text" }
    if bytes.hasBytes("PNG", at: 1) || bytes.hasBytes("PNG") {
      return "a PNG whose signature was damaged, as text transfers do"
    }
    if bytes.count >= 2, bytes[0] == 0xFF, bytes[1] == 0x0A { return "a JPEG XL" }
    if bytes.hasBytes("\u{0}\u{0}\u{0}\u{C}JXL ") { return "a JPEG XL" }
    return nil
  }
}
