internal import TinkerData

extension Matrix {
  /// Fills the matrix row by row with `gauss · deviation` from the stream of a name.
  package func fillGauss(seed: UInt64, name: String, deviation: Double) {
    var stream = RandomStream(seed: seed, name: name)
    for row in 0..<rows {
      for column in 0..<columns { self[row, column] = Float(stream.gauss() * deviation) }
    }
  }

  /// Fills the matrix row by row with numbers of ±`bound` from the stream of a name.
  package func fillUniform(seed: UInt64, name: String, bound: Double) {
    var stream = RandomStream(seed: seed, name: name)
    for row in 0..<rows {
      for column in 0..<columns {
        self[row, column] = Float((2 * stream.uniform() - 1) * bound)
      }
    }
  }
}
