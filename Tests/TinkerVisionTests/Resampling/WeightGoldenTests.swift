import Testing
import TinkerJSON
import TinkerVision

/// Integer weights (`golden/images/coefficients.jsonl`).
@Suite struct WeightGoldenTests {
  @Test func weightsAreThoseOfTheReferences() throws {
    var differences = Differences()
    for row in try Golden.rows("coefficients") {
      guard let filter = ResamplingFilter(rawValue: try row.text("filter")) else {
        throw GoldenError.badRow("filter")
      }
      let table = WeightTable(
        from: try row.integer("n_in"), to: try row.integer("n_out"), filter: filter,
        resampler: try row.text("engine") == "pillow" ? .pillow13 : .torchvision)
      let place = "\(table.inputCount) to \(table.outputCount) \(filter)"
      differences.compare(table.bits, try row.integer("bits"), place)
      for weights in row["rows"]?.array?.compactMap(\.array) ?? [] {
        guard let output = weights[0].int, let first = weights[1].int,
          let wanted = weights[2].array?.compactMap(\.int)
        else { throw GoldenError.badRow(place) }
        let start = output * table.stride
        let taps = Int(table.taps[output])
        let got = table.weights[start..<start + taps].map { Int($0) }
        differences.compare(Int(table.first[output]), first, "\(place) [\(output)]")
        differences.compare(got, wanted, "\(place) [\(output)]")
      }
    }
    #expect(differences.isEmpty, "\(differences)")
  }
}
