/// The weights of a decoder, packed for products.
package final class DecoderWeights {
  /// The weights of one layer.
  package struct Layer {
    /// The norm before attention, `[1, hidden]`.
    let inputNorm: Matrix
    /// The norm before the gate, `[1, hidden]`.
    let postNorm: Matrix
    /// The norm of each query head, `[1, head width]`.
    let queryNorm: Matrix
    /// The norm of each key head, `[1, head width]`.
    let keyNorm: Matrix
    /// Queries, keys and values.
    let attention: ProjectionGroup
    /// The output of attention.
    let output: ProjectionGroup
    /// Gate and up.
    let gateUp: ProjectionGroup
    /// Down.
    let down: ProjectionGroup
  }

  /// The extents.
  package let configuration: ModelConfiguration
  /// The layers from the input up.
  let layers: [Layer]
  /// The norm before the head, `[1, hidden]`.
  let finalNorm: Matrix
  /// The output matrix.
  let head: ProjectionGroup
  /// The embedding `[vocabulary, hidden]`, or `nil` when it is the frozen head's own matrix.
  let embedding: Matrix?
  /// The flat values of full training, or `nil` when the weights are frozen.
  package let values: FloatBuffer?
  /// Where each parameter stands in `values`.
  package let layout: ParameterLayout

  /// The values of a parameter by name and shape.
  package typealias Source = (_ name: String, _ shape: [Int]) throws(LocalError) -> FloatBuffer

  /// Loads or makes weights.
  ///
  /// - Parameters:
  ///   - configuration: The extents.
  ///   - isTrained: Whether all weights are trained themselves, with no adapter.
  ///   - source: Gives each parameter.
  /// - Throws: What `source` throws.
  package init(_ configuration: ModelConfiguration, isTrained: Bool, from source: Source)
    throws(LocalError)
  {
    let names = ParameterNames(configuration)
    var layout = ParameterLayout()
    for group in names.all { for entry in group { layout.add(entry.name, shape: entry.shape) } }
    let values = isTrained ? FloatBuffer(count: layout.count) : nil

    /// A matrix of neighbouring parameters: in the flat buffer of full training, or for a moment.
    func matrix(_ entries: [ParameterNames.Entry]) throws(LocalError) -> (Matrix, Range<Int>?) {
      let columns = entries[0].shape.count == 2 ? entries[0].shape[1] : entries[0].shape[0]
      let rows = entries.reduce(0) { $0 + ($1.shape.count == 2 ? $1.shape[0] : 1) }
      var whole = Matrix(
        FloatBuffer(count: values == nil ? rows * columns : 0), offset: 0,
        rows: values == nil ? rows : 0, columns: columns, stride: columns)
      var range: Range<Int>?
      if let values, let first = layout[entries[0].name] {
        let start = first.range.lowerBound
        whole = Matrix(values, offset: start, rows: rows, columns: columns, stride: columns)
        range = start..<start + rows * columns
      }
      var row = 0
      for entry in entries {
        let count = entry.shape.count == 2 ? entry.shape[0] : 1
        let part = try source(entry.name, entry.shape)
        whole.rows(row..<row + count).copy(
          from: Matrix(part, offset: 0, rows: count, columns: columns, stride: columns))
        row += count
      }
      return (whole, range)
    }
    func group(_ entries: [ParameterNames.Entry]) throws(LocalError) -> ProjectionGroup {
      let (raw, range) = try matrix(entries)
      let group = ProjectionGroup(
        inputs: raw.columns, modules: entries.map { ($0.module, $0.shape[0]) }, trained: range)
      group.pack(raw)
      return group
    }

    var layers: [Layer] = []
    for layer in 0..<configuration.layers {
      let of = names.layer(layer)
      layers.append(
        Layer(
          inputNorm: try matrix([of.inputNorm]).0, postNorm: try matrix([of.postNorm]).0,
          queryNorm: try matrix([of.queryNorm]).0, keyNorm: try matrix([of.keyNorm]).0,
          attention: try group(of.attention), output: try group([of.output]),
          gateUp: try group(of.gateUp), down: try group([of.down])))
    }
    self.layers = layers
    finalNorm = try matrix([names.finalNorm]).0
    let (table, range) = try matrix([names.embedding])
    if configuration.isTied {
      head = ProjectionGroup(
        inputs: configuration.hiddenSize, modules: [("lm_head", configuration.vocabularySize)],
        trained: range)
      head.pack(table)
      embedding = isTrained ? table : nil
    } else {
      head = try group([names.head])
      embedding = table
    }
    self.configuration = configuration
    self.layout = layout
    self.values = values
  }

  /// Packs all matrices anew after the flat values of full training have changed.
  package func repack() {
    guard let values else { return }
    for layer in layers {
      for group in [layer.attention, layer.output, layer.gateUp, layer.down] {
        Self.repack(group, from: values)
      }
    }
    Self.repack(head, from: values)
  }

  private static func repack(_ group: ProjectionGroup, from values: FloatBuffer) {
    guard let range = group.trained else { return }
    group.pack(
      Matrix(
        values, offset: range.lowerBound, rows: group.outputs, columns: group.inputs,
        stride: group.inputs))
  }

  /// The parameter of a name in a buffer of the layout of full training, `[rows, columns]`.
  func matrix(_ name: String, in buffer: FloatBuffer) -> Matrix {
    guard let entry = layout[name] else { preconditionFailure("no parameter \(name)") }
    let columns = entry.shape[entry.shape.count - 1]
    return Matrix(
      buffer, offset: entry.range.lowerBound, rows: entry.range.count / columns, columns: columns,
      stride: columns)
  }
}
