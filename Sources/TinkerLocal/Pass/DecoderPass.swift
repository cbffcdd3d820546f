/// One set of weights at work: forward and backward passes over batches of sequences.
///
/// Rows are worked on in blocks that stay in the cache: a block goes through norm, products, adapters and
/// activation before the next one starts. Only attention, which looks across rows, and the gradients of
/// weights, which sum over rows, stand between.
package final class DecoderPass {
  /// The rows of a block.
  static let block = 48

  /// What computes.
  package let compute: Compute
  /// The base weights.
  package let weights: DecoderWeights
  /// The adapters, or `nil`.
  package let adapters: AdapterSet?
  let rotations: RotationTable
  /// The memory of each thread while it works on a block of rows.
  let scratch: [RowScratch]

  /// Weights at work.
  package init(_ compute: Compute, _ weights: DecoderWeights, adapters: AdapterSet?) {
    self.compute = compute
    self.weights = weights
    self.adapters = adapters
    rotations = RotationTable(weights.configuration)
    // Slots of the arena are made here, before threads ask for them.
    scratch = (0..<compute.pool.threads).map {
      RowScratch(weights.configuration, in: compute.arena, worker: $0)
    }
  }

  var configuration: ModelConfiguration { weights.configuration }
  var arena: Arena { compute.arena }

  /// y = x·Wᵀ + s·(x·Aᵀ)·Bᵀ for a block of rows; `low` keeps s·(x·Aᵀ).
  func project(
    _ group: ProjectionGroup, _ adapter: GroupAdapter?, _ x: Matrix, low: Matrix, into y: Matrix,
    adding: Bool
  ) {
    let product = compute.product
    product.multiply(into: y, x, transposed: false, group.forward, adding: adding)
    guard let adapter else { return }
    product.multiply(into: low, x, adapter.aForward)
    compute.kernel.scale(low, by: adapter.scale)
    for (member, outputs) in adapter.outputs.enumerated() {
      product.multiply(
        addingTo: y.columns(outputs), low.columns(adapter.columns(member)),
        adapter.bForward[member])
    }
  }

  /// dx = g·W + r·A for a block of rows; `low` keeps r = s·(g·B). Without `dx` only r is computed.
  func projectBackward(
    _ group: ProjectionGroup, _ adapter: GroupAdapter?, _ g: Matrix, low: Matrix, into dx: Matrix?
  ) {
    let product = compute.product
    if let dx { product.multiply(into: dx, g, group.backward) }
    guard let adapter else { return }
    for (member, outputs) in adapter.outputs.enumerated() {
      product.multiply(
        into: low.columns(adapter.columns(member)), g.columns(outputs), adapter.bBackward[member])
    }
    compute.kernel.scale(low, by: adapter.scale)
    if let dx { product.multiply(addingTo: dx, low, adapter.aBackward) }
  }

  /// The multiplications of a group's product over some rows, to judge whether threads are worth it.
  func cost(_ groups: ProjectionGroup..., rows: Int) -> Int {
    groups.reduce(0) { $0 + $1.inputs * $1.outputs } * rows
  }
}

/// The memory of one thread while it works on a block of rows.
struct RowScratch {
  /// A normed block, `[block, hidden]`.
  let normed: Matrix
  /// The gradient of a normed block, `[block, hidden]`.
  let dNormed: Matrix
  /// Gate times up, or its gradient, `[block, intermediate]`.
  let gated: Matrix

  init(_ configuration: ModelConfiguration, in arena: Arena, worker: Int) {
    func matrix(_ part: String, _ columns: Int) -> Matrix {
      arena.matrix("block " + part, worker, rows: DecoderPass.block, columns: columns)
    }
    normed = matrix("normed", configuration.hiddenSize)
    dNormed = matrix("gradient", configuration.hiddenSize)
    gated = matrix("gated", configuration.intermediateSize)
  }
}
