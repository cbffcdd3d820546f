import Testing
import TinkerData
import TinkerJSON
import TinkerVision

/// 3,000 sizes (`golden/images/sizes.jsonl`).
@Suite struct SizeGoldenTests {
  @Test func sizesAreThoseOfTheReference() throws {
    let presets = try Golden.presets()
    var differences = Differences()
    for row in try Golden.rows("sizes") {
      let name = try row.text("preset")
      let (width, height) = (try row.integer("w"), try row.integer("h"))
      let place = "\(name) \(width)×\(height)"
      guard let rule = presets[name]?.size else { throw GoldenError.badRow(name) }
      do {
        let grid = try rule.grid(width: width, height: height)
        guard row["error"] == nil else {
          differences.add("\(place): got a grid, wanted an error")
          continue
        }
        differences.compare([grid.height, grid.width], try row.integers("resized"), place)
        differences.compare(grid.thw, try row.integers("grid"), place)
        differences.compare(grid.tokens, try row.integer("tokens"), place)
        let padded = row["padded"] == nil ? [grid.height, grid.width] : try row.integers("padded")
        differences.compare([grid.paddedHeight, grid.paddedWidth], padded, place)
      } catch let error as ImageError {
        differences.compare(error.kind.rawValue, row["error"]?.text, place)
      }
    }
    #expect(differences.isEmpty, "\(differences)")
  }
}
