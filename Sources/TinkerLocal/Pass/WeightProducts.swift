/// A gradient that sums over rows: out += aᵀ · b, with `a` `[N, m]` and `b` `[N, n]`.
struct WeightProduct {
  let out: Matrix
  let a: Matrix
  let b: Matrix
}

extension DecoderPass {
  /// Runs products that sum over rows. Each element of a result belongs to one piece of work, so the order
  /// of its sum does not depend on the number of threads.
  func run(_ products: [WeightProduct]) {
    let packed = products.enumerated().map { index, product in
      arena.panels("product", index, inner: product.b.rows, outer: product.b.columns)
    }
    let cost = products.reduce(0) { $0 + $1.a.rows * $1.a.columns * $1.b.columns }
    let step = 512
    var packs: [(product: Int, rows: Range<Int>)] = []
    var pieces: [(product: Int, rows: Range<Int>, columns: Range<Int>)] = []
    for (index, product) in products.enumerated() {
      for start in stride(from: 0, to: product.b.rows, by: step) {
        packs.append((index, start..<min(product.b.rows, start + step)))
      }
      for row in stride(from: 0, to: product.out.rows, by: 96) {
        for column in stride(from: 0, to: product.out.columns, by: 64) {
          pieces.append(
            (
              index, row..<min(product.out.rows, row + 96),
              column..<min(product.out.columns, column + 64)
            ))
        }
      }
    }
    compute.pool.run(packs.count, cost: cost) { piece, _ in
      let (index, rows) = packs[piece]
      packed[index].steps(rows).pack(products[index].b.rows(rows), transposed: false)
    }
    compute.pool.run(pieces.count, cost: cost) { piece, _ in
      let (index, rows, columns) = pieces[piece]
      self.compute.product.multiply(
        addingTo: products[index].out.rows(rows).columns(columns),
        transposed: products[index].a.columns(rows), packed[index].columns(columns))
    }
  }

  /// The products that a group's gradients need.
  ///
  /// - Parameters:
  ///   - group: The matrices.
  ///   - adapter: Their adapter, or `nil`.
  ///   - g: The gradient of the group's output, `[N, outputs]`.
  ///   - x: Its input, `[N, inputs]`.
  ///   - low: s·(A x) of the forward pass.
  ///   - dLow: s·(g·B).
  ///   - gradients: The flat buffer that takes them.
  /// - Returns: The products; none if nothing of the group is trained.
  func products(
    of group: ProjectionGroup, _ adapter: GroupAdapter?, g: Matrix, x: Matrix, low: Matrix,
    dLow: Matrix, into gradients: FloatBuffer
  ) -> [WeightProduct] {
    if let adapter {
      var out = [WeightProduct(out: adapter.a(in: gradients), a: dLow, b: x)]
      for (member, outputs) in adapter.outputs.enumerated() {
        out.append(
          WeightProduct(
            out: adapter.b(member, in: gradients), a: g.columns(outputs),
            b: low.columns(adapter.columns(member))))
      }
      return out
    }
    guard let range = group.trained else { return [] }
    let weights = Matrix(
      gradients, offset: range.lowerBound, rows: group.outputs, columns: group.inputs,
      stride: group.inputs)
    return [WeightProduct(out: weights, a: g, b: x)]
  }
}
