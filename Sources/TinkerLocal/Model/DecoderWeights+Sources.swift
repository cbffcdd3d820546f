/// How the values of a base model without files are drawn.
public enum SeededInitialization: String, Sendable, Hashable {
  /// Matrices keep activations near unit size: gauss · 1/√inputs. Adapters over such a frozen base learn
  /// as fast as full training does.
  case scaled
  /// Hugging Face's: every matrix gauss · `initializer_range`.
  case hf
}

extension DecoderWeights {
  /// Loads the weights of a model folder.
  ///
  /// - Throws: `LocalError` that names a missing or misshapen tensor.
  package convenience init(
    folder: String, configuration: ModelConfiguration, isTrained: Bool = false
  ) throws(LocalError) {
    let files = try TensorFolder(path: folder)
    for group in ParameterNames(configuration).all {
      for entry in group { try files.check(entry.name, shape: entry.shape) }
    }
    try self.init(configuration, isTrained: isTrained) { (name, shape) throws(LocalError) in
      try files.tensor(name, shape: shape)
    }
  }

  /// Draws the weights from a seed: each parameter from the stream of its name.
  ///
  /// - Throws: Never in practice; drawing cannot fail.
  package convenience init(
    seed: UInt64, initialization: SeededInitialization, configuration: ModelConfiguration,
    isTrained: Bool = false
  ) throws(LocalError) {
    let embedding = ParameterNames(configuration).embedding.name
    try self.init(configuration, isTrained: isTrained) { (name, shape) throws(LocalError) in
      guard shape.count == 2 else {
        return FloatBuffer([Float](repeating: 1, count: shape[0]))
      }
      let out = Matrix(rows: shape[0], columns: shape[1])
      let deviation: Double
      if initialization == .hf {
        deviation = configuration.initializerRange
      } else if name == embedding && !configuration.isTied {
        deviation = 1
      } else {
        deviation = 1 / Double(shape[1]).squareRoot()
      }
      out.fillGauss(seed: seed, name: name, deviation: deviation)
      return out.buffer
    }
  }
}

extension DecoderWeights {
  /// The present values of full training as frozen weights of their own.
  ///
  /// - Throws: `LocalError` if these weights are frozen already.
  func frozenCopy() throws(LocalError) -> DecoderWeights {
    try DecoderWeights(configuration, isTrained: false) { (name, shape) throws(LocalError) in
      guard let values, let entry = layout[name] else {
        throw .request("the weights are not trained, so there is nothing to copy")
      }
      let out = FloatBuffer(count: entry.range.count)
      Matrix(out, offset: 0, rows: 1, columns: out.count, stride: 0).copy(
        from: Matrix(
          values, offset: entry.range.lowerBound, rows: 1, columns: out.count, stride: 0))
      return out
    }
  }
}
