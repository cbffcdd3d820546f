import TinkerJSON
import TinkerLocal

/// The tiny models and adapters of the reference data.
struct GoldenModel {
  let weights: DecoderWeights
  let adapters: AdapterSet?

  init(_ model: String, adapter: String? = nil, isTrained: Bool = false) throws {
    let folder = Shared.engine + "/" + model
    let configuration = try ModelConfiguration(folder: folder)
    let weights = try DecoderWeights(
      folder: folder, configuration: configuration, isTrained: isTrained)
    self.weights = weights
    adapters = try adapter.map {
      try AdapterFiles.load(folder: Shared.engine + "/" + $0, for: weights)
    }
  }

  func pass(_ compute: Compute) -> DecoderPass { DecoderPass(compute, weights, adapters: adapters) }
}

/// Collects differences and says where the first ones are.
struct Differences {
  private(set) var compared = 0
  private(set) var largest = 0.0
  private(set) var first: [String] = []

  mutating func compare(
    _ mine: [Float], _ theirs: [Double], tolerance: Double, _ place: @autoclosure () -> String
  ) {
    if mine.count != theirs.count {
      note("\(place()): \(mine.count) values, not \(theirs.count)")
      return
    }
    for (index, (a, b)) in zip(mine, theirs).enumerated() {
      compared += 1
      let difference = abs(Double(a) - b)
      if !(difference <= tolerance) { note("\(place())[\(index)]: \(a), not \(b)") }
      largest = max(largest, difference.isNaN ? .infinity : difference)
    }
  }

  mutating func compare(
    _ mine: Double, _ theirs: Double, tolerance: Double, _ place: @autoclosure () -> String
  ) {
    compared += 1
    if !(abs(mine - theirs) <= tolerance) { note("\(place()): \(mine), not \(theirs)") }
    largest = max(largest, abs(mine - theirs))
  }

  mutating func note(_ text: String) { if first.count < 10 { first.append(text) } }
}
