/// The integer weights of one axis: each output sample is a weighted sum of neighbouring input samples.
package struct WeightTable {
  /// Input and output samples along the axis.
  package let inputCount: Int
  package let outputCount: Int
  /// Fractional bits of the weights.
  package let bits: Int
  /// The first input sample of each output sample.
  package let first: [Int32]
  /// How many input samples each output sample has.
  package let taps: [Int32]
  /// Weights of an output sample in `weights`; a multiple of four, unused places are 0.
  package let stride: Int
  /// The weights, `stride` for each output sample.
  package let weights: [Int32]
  /// The weights in sixteen bits: `low` + `high` × 4096, `high` being empty where nothing is left for it.
  let low: [Int16]
  let high: [Int16]

  /// The most taps of an output sample.
  var mostTaps: Int { Int(taps.max() ?? 0) }

  /// The input samples of an output sample.
  func range(of output: Int) -> Range<Int> {
    Int(first[output])..<Int(first[output]) + Int(taps[output])
  }

  package init(
    from inputCount: Int, to outputCount: Int, filter: ResamplingFilter, resampler: Resampler
  ) {
    self.inputCount = inputCount
    self.outputCount = outputCount
    let scale = Double(inputCount) / Double(outputCount)
    let stretch = max(scale, 1)
    let support = filter.support * stretch
    let inverse = 1 / stretch
    stride = (Int(support.rounded(.up)) * 2 + 1 + 3) / 4 * 4

    var first: [Int32] = []
    var taps: [Int32] = []
    first.reserveCapacity(outputCount)
    taps.reserveCapacity(outputCount)
    var exact = [Double](repeating: 0, count: outputCount * stride)
    var largest = -Double.infinity
    for output in 0..<outputCount {
      let center = (Double(output) + 0.5) * scale
      let low = max(Int(center - support + 0.5), 0)
      let high = min(Int(center + support + 0.5), inputCount)
      let row = output * stride
      var total = 0.0
      for tap in 0..<high - low {
        let weight = filter.value(at: (Double(tap + low) - center + 0.5) * inverse)
        exact[row + tap] = weight
        total += weight
      }
      for tap in 0..<high - low {
        if total != 0 { exact[row + tap] /= total }
        largest = max(largest, exact[row + tap])
      }
      first.append(Int32(low))
      taps.append(Int32(high - low))
    }
    self.first = first
    self.taps = taps
    let bits = resampler == .torchvision ? Self.bitsFor16BitWeights(largest) : 22
    self.bits = bits
    let one = Double(1 << bits)
    let weights = exact.map { Int32($0 < 0 ? $0 * one - 0.5 : $0 * one + 0.5) }
    self.weights = weights
    if resampler == .torchvision {
      low = weights.map { Int16(truncatingIfNeeded: $0) }
      high = []
    } else {
      low = weights.map { Int16(truncatingIfNeeded: $0 & 0xFFF) }
      high = weights.map { Int16(truncatingIfNeeded: $0 >> 12) }
    }
  }

  /// The finest precision at which the largest weight still fits into sixteen bits.
  private static func bitsFor16BitWeights(_ largest: Double) -> Int {
    var bits = 0
    while bits < 22, Int(0.5 + largest * Double(1 << (bits + 1))) < 1 << 15 { bits += 1 }
    return bits
  }
}
