/// The adapters of a whole model, in one flat buffer.
package final class AdapterSet {
  /// The adapters of one layer.
  struct Layer {
    var attention: GroupAdapter?
    var output: GroupAdapter?
    var gateUp: GroupAdapter?
    var down: GroupAdapter?

    /// Whether the layer has any adapter.
    var isEmpty: Bool { attention == nil && output == nil && gateUp == nil && down == nil }
  }

  /// The rank of every adapter.
  package let rank: Int
  /// The scale is `alpha / rank`.
  package let alpha: Double
  /// The paths of the adapted modules, in the order of the layout.
  package let modules: [String]
  /// Where each tensor stands; names are `<module>.lora_A.weight` and `<module>.lora_B.weight`.
  package let layout: ParameterLayout
  /// The values.
  package let values: FloatBuffer
  let layers: [Layer]
  let head: GroupAdapter?

  /// Adapters of zeros on the modules that a filter accepts.
  package init(
    for weights: DecoderWeights, rank: Int, alpha: Double, adapts: (_ path: String) -> Bool
  ) {
    self.rank = rank
    self.alpha = alpha
    var layout = ParameterLayout()
    var modules: [String] = []
    typealias Plan = (group: ProjectionGroup, outputs: [Range<Int>], a: Range<Int>, b: [Range<Int>])
    func plan(_ group: ProjectionGroup) -> Plan? {
      let adapted = group.members.filter { adapts($0.path) }
      guard let first = adapted.first else { return nil }
      let start = layout.add(first.path + ".lora_A.weight", shape: [rank, group.inputs]).lowerBound
      for member in adapted.dropFirst() {
        layout.add(member.path + ".lora_A.weight", shape: [rank, group.inputs])
      }
      let a = start..<layout.count
      let b = adapted.map { member in
        layout.add(member.path + ".lora_B.weight", shape: [member.outputs.count, rank])
      }
      modules += adapted.map(\.path)
      return (group, adapted.map(\.outputs), a, b)
    }
    let plans = weights.layers.map {
      (plan($0.attention), plan($0.output), plan($0.gateUp), plan($0.down))
    }
    let headPlan = plan(weights.head)
    let values = FloatBuffer(count: layout.count)
    func make(_ plan: Plan?) -> GroupAdapter? {
      plan.map {
        GroupAdapter(
          inputs: $0.group.inputs, outputs: $0.outputs, rank: rank,
          scale: Float(alpha / Double(rank)), aRange: $0.a, bRanges: $0.b, values: values)
      }
    }
    layers = plans.map {
      Layer(attention: make($0.0), output: make($0.1), gateUp: make($0.2), down: make($0.3))
    }
    head = make(headPlan)
    self.layout = layout
    self.modules = modules
    self.values = values
  }

  /// Fills every A with ±1/√inputs from its own stream of the seed, and every B with zeros.
  package func initialise(seed: UInt64) {
    for entry in layout.entries {
      let matrix = Matrix(
        values, offset: entry.range.lowerBound, rows: entry.shape[0], columns: entry.shape[1],
        stride: entry.shape[1])
      if entry.name.hasSuffix(".lora_A.weight") {
        matrix.fillUniform(
          seed: seed, name: entry.name, bound: 1 / Double(entry.shape[1]).squareRoot())
      } else {
        matrix.clear()
      }
    }
    repack()
  }

  /// Packs all values anew; needed whenever they have changed.
  package func repack() {
    for layer in layers {
      for adapter in [layer.attention, layer.output, layer.gateUp, layer.down] { adapter?.repack() }
    }
    head?.repack()
  }
}
