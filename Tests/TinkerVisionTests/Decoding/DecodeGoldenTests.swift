import Testing
import TinkerData
import TinkerFiles
import TinkerJSON
import TinkerVision

/// Pixels and chunks of every valid file (`golden/images/decode.jsonl`).
@Suite struct DecodeGoldenTests {
  @Test func pixelsAreThoseOfTheReference() throws {
    var differences = Differences()
    for row in try Golden.rows("decode") {
      let name = try row.text("file")
      let file = try Golden.file("files/\(name)")
      let header = try ImageHeader(of: file)
      differences.compare(header.format.rawValue.uppercased(), try row.text("format"), name)
      differences.compare(header.mode.rawValue, try row.text("mode"), name)
      differences.compare(
        [header.width, header.height], [try row.integer("width"), try row.integer("height")], name)
      differences.compare(
        header.orientation.rawValue, row["exif_orientation"]?.int ?? 1, "\(name) orientation")

      func check(_ what: String, _ wanted: String, _ options: DecodingOptions) throws {
        let image = try RGBImage(decoding: file, options: options)
        differences.compare(SHA256.hex(image.bytes), wanted, "\(name) \(what)")
      }
      let drop = try row.text("rgb_sha256")
      let clipped = try RGBImage(decoding: file, options: DecodingOptions(gray16: .clip))
      let first = try row.integers("rgb_first12").map { UInt8($0) }
      if let index = first.indices.first(where: { first[$0] != clipped.bytes[$0] }) {
        differences.add(
          "\(name) byte \(index): got \(clipped.bytes[index]), wanted \(first[index])")
      }
      try check("dropped", drop, DecodingOptions(gray16: .clip))
      try check(
        "white", row["rgb_white_sha256"]?.text ?? drop,
        DecodingOptions(alpha: .white, gray16: .clip))
      if let high = row["gray16_high_byte_sha256"]?.text {
        try check("high byte", high, DecodingOptions())
      }
      if let upright = row["upright"]?.object {
        try check(
          "upright", try upright.text("rgb_sha256"),
          DecodingOptions(orientation: .apply, gray16: .clip))
        let size = header.size(turned: .apply)
        differences.compare([size.width, size.height], try upright.integers("size"), name)
      }
    }
    #expect(differences.isEmpty, "\(differences)")
  }

  @Test func chunksAreThoseOfTheReference() throws {
    let presets = try Golden.presets()
    var differences = Differences()
    var count = 0
    for row in try Golden.rows("decode") {
      let name = try row.text("file")
      guard let chunk = row["chunk"]?.object, chunk["error"] == nil else { continue }
      let file = try Golden.file("files/\(name)")
      for (preset, tokens) in chunk["expected_tokens"]?.object ?? JSONObject() {
        guard let configuration = presets[preset.text ?? ""] else { throw GoldenError.badRow(name) }
        let maker = VisionChunkMaker(size: configuration.size)
        count += 1
        do {
          let made = try maker.chunk(for: .bytes(file))
          differences.compare(made.expectedTokens, tokens.int, "\(name) tokens")
          differences.compare(made.data.count, try chunk.integer("jpeg_bytes"), "\(name) bytes")
          differences.compare(SHA256.hex(made.data), try chunk.text("jpeg_sha256"), name)
          differences.compare(try maker.tokenCount(of: file.span), tokens.int, "\(name) header")
        } catch let error as ImageError {
          if tokens != .null || error.kind != .badAspectRatio {
            differences.add("\(name): \(error)")
          }
        }
      }
    }
    #expect(count > 500)
    #expect(differences.isEmpty, "\(differences)")
  }
}
