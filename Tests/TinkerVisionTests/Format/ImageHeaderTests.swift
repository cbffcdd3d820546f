import Testing
import TinkerData
import TinkerVision

@Suite struct ImageHeaderTests {
  @Test func headersNeedNoPixels() throws {
    let header = try ImageHeader(of: TestPNG.signature + TestPNG.header(width: 640, height: 480))
    #expect(header.format == .png && header.mode == .rgb)
    #expect(header.width == 640 && header.height == 480)
    #expect(header.orientation == .up && !header.hasTransparency)
    #expect(try VisionChunkMaker().tokenCount(width: header.width, height: header.height) == 300)
  }

  @Test(
    arguments: [
      ("GIF89a......", "a GIF"), ("RIFF....WEBP", "a WebP"), ("BM..........", "a BMP"),
      ("....ftypavif", "an AVIF"), ("....ftypheic", "a HEIC"), ("II*\0........", "a TIFF"),
      ("%PDF-1.7....", "a PDF"), ("hello, world", "no known image format"),
    ])
  func otherFormatsAreNamed(_ text: String, _ name: String) {
    let error = #expect(throws: ImageError.self) { try ImageHeader(of: Array(text.utf8)) }
    #expect(error?.kind == .unsupportedFormat)
    #expect(error?.message.contains(name) == true)
  }

  @Test func limitsAreCheckedBeforeAnythingElse() throws {
    let file = TestPNG.signature + TestPNG.header(width: 100, height: 100)
    #expect(throws: Never.self) { try ImageHeader(of: file, pixelLimit: 10_000) }
    let error = #expect(throws: ImageError.self) { try ImageHeader(of: file, pixelLimit: 9_999) }
    #expect(error?.kind == .tooLarge)
  }

  /// 170 million pixels are within the limit, but 100 kB of data cannot hold them.
  @Test func declaredSizesNeedDataBehindThem() throws {
    let data = [UInt8](repeating: 0, count: 100_000)
    let file =
      TestPNG.signature + TestPNG.header(width: 100_000, height: 1_700)
      + TestPNG.chunk("IDAT", data) + TestPNG.chunk("IEND", [])
    let error = #expect(throws: ImageError.self) { try RGBImage(decoding: file) }
    #expect(error?.kind == .truncated)
    #expect(error?.message.contains("100000 × 1700") == true)
  }

  @Test(arguments: [(6, 1), (8, 0), (9, 1)])
  func orientationOutsideItsRangeIsUp(_ value: Int, _ isBigEndian: Int) throws {
    let order: [UInt8] = isBigEndian == 1 ? [0x4D, 0x4D, 0, 0x2A] : [0x49, 0x49, 0x2A, 0]
    func number(_ value: Int, _ bytes: Int) -> [UInt8] {
      let big = (0..<bytes).map { UInt8(truncatingIfNeeded: value >> ((bytes - 1 - $0) * 8)) }
      return isBigEndian == 1 ? big : big.reversed()
    }
    let exif =
      order + number(8, 4) + number(1, 2) + number(0x0112, 2) + number(3, 2) + number(1, 4)
      + number(value, 2) + number(0, 2) + number(0, 4)
    let file = TestPNG.picture(width: 5, height: 3, extra: TestPNG.chunk("eXIf", exif))
    let header = try ImageHeader(of: file)
    #expect(header.orientation.rawValue == (value > 8 ? 1 : value))
    // A block that ends within its entry has no orientation.
    let cut = TestPNG.picture(
      width: 5, height: 3, extra: TestPNG.chunk("eXIf", Array(exif.prefix(19))))
    #expect(try ImageHeader(of: cut).orientation == .up)
  }
}
