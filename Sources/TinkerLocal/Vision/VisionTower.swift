/// A frozen vision tower: patches of an image to features of the text model's width. Forward only.
package final class VisionTower {
  /// y = W x + b.
  private struct Affine {
    let weight: PackedMatrix
    let bias: Matrix
  }

  /// LayerNorm's weight and bias.
  private struct Norm {
    let weight: Matrix
    let bias: Matrix
  }

  private struct Block {
    let norm1, norm2: Norm
    let qkv, projection, up, down: Affine
  }

  private struct Merger {
    let norm: Norm
    let first, second: Affine
    /// Whether patches are normed after they are grouped, or before.
    let groupsFirst: Bool
  }

  /// The grid of an image in patches.
  package struct Grid: Sendable, Hashable {
    /// The rows of patches.
    package let rows: Int
    /// The columns of patches.
    package let columns: Int

    /// A grid.
    package init(rows: Int, columns: Int) {
      self.rows = rows
      self.columns = columns
    }
  }

  /// The features of one image.
  package struct Features {
    /// What replaces the embeddings, `[positions, hidden]`.
    package let tower: Matrix
    /// What is added inside the decoder, a matrix a layer.
    package let deep: [Matrix]
  }

  private static let normEpsilon: Float = 1e-6
  private static let rotaryBase = 10000.0

  /// The extents.
  package let configuration: VisionConfiguration
  private let compute: Compute
  private let patches: Affine
  private let positions: Matrix
  private let blocks: [Block]
  private let merger: Merger
  private let deepMergers: [Merger]

  /// Loads or makes a tower whose output has the width of a text model.
  ///
  /// - Throws: What `source` throws.
  package init(
    _ c: VisionConfiguration, textWidth: Int, _ compute: Compute, from source: DecoderWeights.Source
  ) throws(LocalError) {
    configuration = c
    self.compute = compute
    let root = "model.visual."
    func vector(_ name: String, _ count: Int) throws(LocalError) -> Matrix {
      Matrix(
        try source(root + name, [count]), offset: 0, rows: 1, columns: count, stride: count)
    }
    func norm(_ name: String, _ count: Int) throws(LocalError) -> Norm {
      Norm(
        weight: try vector(name + ".weight", count), bias: try vector(name + ".bias", count))
    }
    func affine(_ name: String, _ inputs: Int, _ outputs: Int, shape: [Int]? = nil)
      throws(LocalError) -> Affine
    {
      let raw = try source(root + name + ".weight", shape ?? [outputs, inputs])
      let matrix = Matrix(raw, offset: 0, rows: outputs, columns: inputs, stride: inputs)
      return Affine(
        weight: PackedMatrix(packing: matrix, transposed: true),
        bias: try vector(name + ".bias", outputs))
    }
    let d = c.hiddenSize
    let group = d * c.mergeSize * c.mergeSize
    func merger(_ name: String, groupsFirst: Bool) throws(LocalError) -> Merger {
      Merger(
        norm: try norm(name + ".norm", groupsFirst ? group : d),
        first: try affine(name + ".linear_fc1", group, group),
        second: try affine(name + ".linear_fc2", group, textWidth), groupsFirst: groupsFirst)
    }
    patches = try affine(
      "patch_embed.proj", c.patchLength, d, shape: [d, 3, 2, c.patchSize, c.patchSize])
    let count = c.positionSide * c.positionSide
    positions = Matrix(
      try source(root + "pos_embed.weight", [count, d]), offset: 0, rows: count, columns: d,
      stride: d)
    var blocks: [Block] = []
    for index in 0..<c.depth {
      let path = "blocks.\(index)."
      blocks.append(
        Block(
          norm1: try norm(path + "norm1", d), norm2: try norm(path + "norm2", d),
          qkv: try affine(path + "attn.qkv", d, 3 * d),
          projection: try affine(path + "attn.proj", d, d),
          up: try affine(path + "mlp.linear_fc1", d, c.intermediateSize),
          down: try affine(path + "mlp.linear_fc2", c.intermediateSize, d)))
    }
    self.blocks = blocks
    self.merger = try merger("merger", groupsFirst: false)
    var deepMergers: [Merger] = []
    for index in c.deepStackBlocks.indices {
      deepMergers.append(try merger("deepstack_merger_list.\(index)", groupsFirst: true))
    }
    self.deepMergers = deepMergers
  }

  /// The features of one image.
  ///
  /// - Parameters:
  ///   - values: The patches, `[rows · columns, patch length]`, block by block of merged patches.
  ///   - grid: The grid in patches; both sides are multiples of the merge size.
  /// - Returns: The features of the tower's end, and of the blocks that the configuration names.
  package func features(_ values: Matrix, _ grid: Grid) -> Features {
    let c = configuration
    let places = VisionPlaces(grid, merge: c.mergeSize)
    let x = apply(patches, values)
    compute.kernel.add(places.embedding(positions, side: c.positionSide), to: x)
    let rotation = places.rotation(width: c.hiddenSize / c.heads, base: Self.rotaryBase)
    var deep: [Matrix] = []
    for (index, block) in blocks.enumerated() {
      let mixed = apply(block.qkv, normed(block.norm1, x))
      compute.kernel.add(apply(block.projection, attend(mixed, rotation)), to: x)
      let inner = apply(block.up, normed(block.norm2, x))
      inner.applyTanhGELU()
      compute.kernel.add(apply(block.down, inner), to: x)
      for (place, wanted) in c.deepStackBlocks.enumerated() where wanted == index {
        deep.append(merge(deepMergers[place], x))
      }
    }
    return Features(tower: merge(merger, x), deep: deep)
  }

  private func apply(_ affine: Affine, _ x: Matrix) -> Matrix {
    let out = Matrix(rows: x.rows, columns: affine.weight.outer)
    compute.pool.runRows(x.rows, block: 48, cost: x.rows * x.columns * out.columns) { range, _ in
      for row in range { out.rows(row..<row + 1).copy(from: affine.bias) }
      compute.product.multiply(addingTo: out.rows(range), x.rows(range), affine.weight)
    }
    return out
  }

  private func normed(_ norm: Norm, _ x: Matrix) -> Matrix {
    let out = Matrix(rows: x.rows, columns: x.columns)
    compute.kernel.layerNorm(
      out, x, weight: norm.weight, bias: norm.bias, eps: Self.normEpsilon)
    return out
  }

  /// Attention in both directions over the patches of the image.
  private func attend(_ mixed: Matrix, _ rotation: Rotation) -> Matrix {
    let c = configuration
    let width = c.hiddenSize / c.heads
    let rows = mixed.rows
    mixed.columns(0..<c.hiddenSize).rotate(heads: c.heads, by: rotation)
    mixed.columns(c.hiddenSize..<2 * c.hiddenSize).rotate(heads: c.heads, by: rotation)
    let out = Matrix(rows: rows, columns: c.hiddenSize)
    compute.pool.run(c.heads, cost: 2 * rows * rows * c.hiddenSize) { head, _ in
      func part(_ which: Int) -> Matrix {
        let start = which * c.hiddenSize + head * width
        return mixed.columns(start..<start + width)
      }
      let keys = PackedMatrix(packing: part(1), transposed: true)
      let values = PackedMatrix(packing: part(2), transposed: false)
      let step = 64
      let scores = Matrix(rows: step, columns: rows)
      let sums = Matrix(rows: step, columns: 1)
      let logSums = Matrix(rows: step, columns: 1)
      for start in stride(from: 0, to: rows, by: step) {
        let range = start..<min(rows, start + step)
        let block = scores.rows(0..<range.count)
        compute.product.multiply(into: block, part(0).rows(range), keys)
        compute.kernel.causalSoftmax(
          block, sums: sums.rows(0..<range.count), logSums: logSums.rows(0..<range.count),
          first: rows, scale: 1 / Float(width).squareRoot())
        let target = out.rows(range).columns(head * width..<(head + 1) * width)
        compute.product.multiply(into: target, block, values)
        compute.kernel.scaleRows(target, byInverseOf: sums.rows(0..<range.count))
      }
    }
    return out
  }

  /// Groups of patches that lie behind one another become one position each.
  private func merge(_ merger: Merger, _ x: Matrix) -> Matrix {
    let group = configuration.mergeSize * configuration.mergeSize
    func grouped(_ x: Matrix) -> Matrix {
      Matrix(
        x.buffer, offset: x.offset, rows: x.rows / group, columns: x.columns * group,
        stride: x.columns * group)
    }
    let input =
      merger.groupsFirst ? normed(merger.norm, grouped(x)) : grouped(normed(merger.norm, x))
    let inner = apply(merger.first, input)
    inner.applyGELU()
    return apply(merger.second, inner)
  }
}
