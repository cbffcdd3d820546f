import Testing
import TinkerData
import TinkerFiles
import TinkerJSON
import TinkerVision

/// Resized pictures of three resamplers (`golden/images/resize.jsonl`).
@Suite struct ResizeGoldenTests {
  @Test func picturesAreThoseOfTheReferences() throws {
    var sources: [JSONValue: RGBImage] = [:]
    var differences = Differences()
    var count = 0
    for row in try Golden.rows("resize") {
      guard let source = row["source"],
        let filter = ResamplingFilter(rawValue: try row.text("filter"))
      else { throw GoldenError.badRow("source") }
      let image = try sources[source] ?? Self.picture(source)
      sources[source] = image
      let size = try row.integers("to")
      for resampler in Resampler.allCases {
        guard let wanted = row[resampler.rawValue]?.text else { continue }
        count += 1
        let resized = try image.resized(
          width: size[0], height: size[1], filter: filter, resampler: resampler)
        guard SHA256.hex(resized.bytes) != wanted else { continue }
        let plain = PlainModel.resize(
          image, width: size[0], height: size[1], filter: filter, resampler: resampler)
        differences.add(
          "\(source) to \(size) \(filter) \(resampler): "
            + PlainModel.firstDifference(resized.bytes, plain, width: size[0]))
      }
    }
    #expect(count > 1000)
    #expect(differences.isEmpty, "\(differences)")
  }

  /// The picture that a row names or describes by a formula.
  static func picture(_ source: JSONValue) throws -> RGBImage {
    if let name = source.text {
      return try RGBImage(
        decoding: Golden.file("files/\(name)"), options: DecodingOptions(gray16: .clip))
    }
    guard let numbers = source["formula"]?.array?.compactMap(\.int), numbers.count == 6 else {
      throw GoldenError.badRow("formula")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(numbers[0] * numbers[1] * 3)
    for y in 0..<numbers[1] {
      for x in 0..<numbers[0] {
        for channel in 0..<3 {
          let value = x * numbers[2] + y * numbers[3] + channel * numbers[4]
          bytes.append(UInt8(truncatingIfNeeded: value ^ (x * y) >> numbers[5]))
        }
      }
    }
    return try RGBImage(width: numbers[0], height: numbers[1], bytes: bytes)
  }
}
