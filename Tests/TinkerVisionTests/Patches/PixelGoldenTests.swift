import Testing
import TinkerData
import TinkerFiles
import TinkerJSON
import TinkerVision

/// Pixel values of both processors (`golden/images/pixels.jsonl`).
@Suite struct PixelGoldenTests {
  @Test(arguments: [Normalization.fast, .slow])
  func valuesAreThoseOfTheProcessor(_ normalization: Normalization) throws {
    let presets = try Golden.presets()
    var differences = Differences()
    var patches = PatchBuffer()
    for row in try Golden.rows("pixels") {
      let name = try row.text("file")
      guard let configuration = presets[try row.text("preset")],
        let wanted = row[normalization.rawValue]?.object
      else { throw GoldenError.badRow(name) }
      let preprocessor = try ImagePreprocessor(
        configuration, resampler: normalization == .fast ? .torchvision : .pillow13,
        normalization: normalization, decoding: DecodingOptions(gray16: .clip))
      try preprocessor.patches(of: [Golden.file("files/\(name)")], into: &patches)
      let place = "\(name) \(try row.text("preset"))"
      differences.compare(patches.gridTHW, [try row.integers("grid_thw")], place)
      differences.compare(
        [patches.patchCount, patches.patchLength], try row.integers("shape"), place)
      differences.compare(patches.grids.first?.tokens, try row.integer("tokens"), place)
      let first = wanted["first16"]?.array?.compactMap(\.double) ?? []
      for index in first.indices where Double(patches.values[index]) != first[index] {
        differences.add(
          "\(place) value \(index): got \(patches.values[index]), wanted \(first[index])")
      }
      differences.compare(SHA256.hex(patches.values), try wanted.text("sha256"), place)
    }
    #expect(differences.isEmpty, "\(differences)")
  }
}
