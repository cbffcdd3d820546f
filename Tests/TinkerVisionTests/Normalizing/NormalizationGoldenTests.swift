import Testing
import TinkerJSON
import TinkerVision

/// The float of every sample (`golden/images/normalize.jsonl`).
@Suite struct NormalizationGoldenTests {
  @Test func tablesAreThoseOfTheReference() throws {
    let presets = try Golden.presets()
    var differences = Differences()
    for row in try Golden.rows("normalize") {
      let place = "\(try row.text("preset")) \(try row.text("backend")) \(try row.text("channel"))"
      guard let configuration = presets[try row.text("preset")],
        let normalization = Normalization(rawValue: try row.text("backend")),
        let channel = ["R", "G", "B"].firstIndex(of: try row.text("channel"))
      else { throw GoldenError.badRow(place) }
      let table = NormalizationTable(
        mean: configuration.mean, deviation: configuration.deviation, normalization)
      let digits = Array(try row.text("hex").utf8)
      for sample in 0..<256 {
        let text = String(decoding: digits[sample * 8..<sample * 8 + 8], as: UTF8.self)
        let wanted = Float(bitPattern: UInt32(text, radix: 16) ?? 0)
        let got = table.values[channel * 256 + sample]
        if got.bitPattern != wanted.bitPattern {
          differences.add("\(place) sample \(sample): got \(got), wanted \(wanted)")
        }
      }
    }
    #expect(differences.isEmpty, "\(differences)")
  }
}
