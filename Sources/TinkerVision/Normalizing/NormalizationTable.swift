/// Which processor's arithmetic is reproduced, bit for bit.
public enum Normalization: String, Sendable, Hashable, CaseIterable {
  /// That of the processors on torchvision: mean and deviation are scaled to 255.
  case fast
  /// That of the processors on Pillow: the sample is scaled to 1.
  case slow
}

/// The float that each 8-bit sample becomes, for the three channels.
package struct NormalizationTable: Sendable {
  /// 3 × 256 values: red, green, blue.
  package let values: [Float]
  /// For each channel the two numbers with which `(sample - shift) / scale` gives all 256 values, where
  /// the arithmetic has that form.
  let affine: [(shift: Float, scale: Float)]?

  package init(mean: [Double], deviation: [Double], _ arithmetic: Normalization) {
    var values: [Float] = []
    values.reserveCapacity(3 * 256)
    var affine: [(shift: Float, scale: Float)] = []
    for channel in 0..<3 {
      let mean = Float(mean[channel])
      let deviation = Float(deviation[channel])
      switch arithmetic {
      case .fast:
        let shift = mean * 255
        let scale = deviation * 255
        affine.append((shift, scale))
        for sample in 0..<256 { values.append((Float(sample) - shift) / scale) }
      case .slow:
        for sample in 0..<256 {
          let scaled = Float(Double(sample) * (1.0 / 255.0))
          values.append((scaled - mean) / deviation)
        }
      }
    }
    self.values = values
    self.affine = arithmetic == .fast ? affine : nil
  }
}
