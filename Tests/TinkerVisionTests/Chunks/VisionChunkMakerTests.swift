import Synchronization
import Testing
import TinkerData
import TinkerVision

@Suite struct VisionChunkMakerTests {
  private func kind(_ maker: VisionChunkMaker, _ source: ImageSource) -> ImageError.Kind? {
    do throws(ImageError) {
      _ = try maker.chunk(for: source)
      return nil
    } catch { return error.kind }
  }

  @Test func dataURIsAreRead() throws {
    let file = TestPNG.picture(width: 40, height: 30)
    let maker = VisionChunkMaker()
    let chunk = try maker.chunk(for: .bytes(file))
    #expect(chunk.format == .jpeg && chunk.width == 40 && chunk.height == 30)
    let base64 = Base64.encode(file)
    #expect(try maker.chunk(for: .reference("data:image/png;base64,\(base64)")) == chunk)
    let escaped = base64.replacing("+", with: "%2B")
    #expect(try maker.chunk(for: .reference("DATA:;BASE64,\(escaped)")) == chunk)
    for wrong in ["data:image/png;base64", "data:;base64,A", "data:;base64,%4", "data:;base64,é"] {
      #expect(kind(maker, .reference(wrong)) == .unavailable)
    }
    #expect(kind(maker, .reference("data:,text")) == .unsupportedFormat)
  }

  @Test func pathsAndURLsAreOpenedOnlyWhenAllowed() throws {
    for reference in ["a.png", "/etc/passwd", "file:///etc/passwd", "http://a/b", "ftp://a/b"] {
      #expect(kind(VisionChunkMaker(), .reference(reference)) == .unavailable)
    }
    let file = TestPNG.picture(width: 40, height: 30)
    let asked = Mutex<[String]>([])
    let note: ImageReferencePolicy.Opening = { (reference) throws(ImageError) in
      asked.withLock { $0.append(reference) }
      return file
    }
    let maker = VisionChunkMaker(references: ImageReferencePolicy(path: note, url: note))
    for reference in ["a.png", "file:///b.png", "file://host/c.png", "https://d/e.png", "C:f.png"] {
      #expect(kind(maker, .reference(reference)) == nil)
    }
    #expect(
      asked.withLock { $0 } == ["a.png", "/b.png", "/c.png", "https://d/e.png", "C:f.png"])
  }

  @Test func originalFilesAreSentOnlyWhenNothingIsLost() throws {
    let maker = VisionChunkMaker(encoding: .original)
    let file = TestPNG.picture(width: 40, height: 30)
    let chunk = try maker.chunk(for: .bytes(file))
    #expect(chunk.data == file && chunk.format == .png)
    let rgba = TestPNG.file(
      width: 2, height: 1, color: 6, rows: [[1, 2, 3, 4, 5, 6, 7, 8]])
    #expect(kind(maker, .bytes(rgba)) == .unsupportedFormat)
  }

  @Test func sixteenBitsOfGrayFollowTheRule() throws {
    let file = TestPNG.file(
      width: 40, height: 1, depth: 16, color: 0, rows: [(0..<80).map { UInt8($0) }])
    for (rule, wanted) in [(Gray16Rule.high, 2), (.clip, 255)] {
      let options = DecodingOptions(gray16: rule)
      let image = try RGBImage(decoding: file, options: options)
      #expect(image.bytes[3] == UInt8(wanted))
      let chunk = try VisionChunkMaker(decoding: options).chunk(for: .bytes(file))
      #expect(try ImageHeader(of: chunk.data).mode == .gray)
    }
  }

  @Test func decodedPicturesBecomeTheSameChunk() throws {
    let file = TestPNG.picture(width: 600, height: 40)
    let maker = VisionChunkMaker()
    let image = try RGBImage(decoding: file)
    #expect(try maker.chunk(of: image) == maker.chunk(for: .bytes(file)))
    let small = try image.limited(toSide: 480)
    #expect(small.width == 480 && small.height == 32)
    #expect(try small.limited(toSide: 480) == small)
    #expect(
      try small == image.resized(width: 480, height: 32, filter: .lanczos, resampler: .pillow13))
    let flat = try RGBImage(width: 1000, height: 1, bytes: [UInt8](repeating: 0, count: 3000))
    let error = #expect(throws: ImageError.self) { try flat.limited(toSide: 480) }
    #expect(error?.kind == .badAspectRatio)
  }

  @Test func wideFilesAreNoJPEG() throws {
    let row = [UInt8](repeating: 9, count: 70_000)
    let file = TestPNG.file(
      width: 70_000, height: 400, color: 0, rows: Array(repeating: row, count: 400))
    #expect(kind(VisionChunkMaker(), .bytes(file)) == .tooLarge)
  }

  @Test func ignoredOrientationsAreReported() throws {
    let exif: [UInt8] =
      [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
    let file = TestPNG.picture(width: 40, height: 30, extra: TestPNG.chunk("eXIf", exif))
    let seen = Mutex<[ImageOrientation]>([])
    let note: @Sendable (ImageOrientation) -> Void = { orientation in
      seen.withLock { $0.append(orientation) }
    }
    let stored = try VisionChunkMaker(onIgnoredOrientation: note).chunk(for: .bytes(file))
    let turned = try VisionChunkMaker(
      decoding: DecodingOptions(orientation: .apply), onIgnoredOrientation: note
    ).chunk(for: .bytes(file))
    #expect([stored.width, stored.height, turned.width, turned.height] == [40, 30, 30, 40])
    #expect(seen.withLock { $0 } == [.clockwise])
  }
}
