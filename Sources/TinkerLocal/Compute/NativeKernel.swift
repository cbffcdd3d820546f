internal import CTinkerKernels

/// The kernels of one processor class behind safe calls.
///
/// A ``Matrix`` or ``PackedMatrix`` lies inside its buffer by construction; each call below checks that
/// the extents of its operands agree, so no kernel reads or writes outside of them.
@safe package struct NativeKernel: MatrixKernel {
  private let table: UnsafePointer<tk_kernels>

  /// The kernels of a class, or of the base class if this processor does not have it.
  package init(_ kernelClass: KernelClass = .preferred) {
    let found = unsafe tk_kernels_of_class(kernelClass.number) ?? tk_kernels_of_class(0)
    guard let found = unsafe found else { preconditionFailure("the base class always exists") }
    unsafe table = found
  }

  /// The name of the class.
  package var name: String { unsafe String(cString: table.pointee.name) }

  package func multiply(
    into out: Matrix, _ a: Matrix, transposed: Bool, _ b: PackedMatrix, adding: Bool
  ) {
    precondition(out.columns == b.outer)
    precondition(transposed ? a.columns == out.rows : a.rows == out.rows)
    precondition(transposed ? a.rows == b.inner : a.columns == b.inner)
    unsafe table.pointee.matmul(
      out.start, out.stride, a.start, transposed ? 1 : a.stride, transposed ? a.stride : 1, b.start,
      b.panelStride, out.rows, out.columns, b.inner, adding ? 1 : 0)
  }

  /// `out = w ∘ x · s`, `s = (mean(x²) + eps)^-½` of each row; `s` is `[rows, 1]`.
  package func rms(_ out: Matrix, _ x: Matrix, weight: Matrix, scales: Matrix, eps: Float) {
    precondition(out.rows == x.rows && out.columns == x.columns && weight.columns == x.columns)
    precondition(scales.rows == x.rows && scales.stride == 1)
    unsafe table.pointee.rms(
      out.start, out.stride, x.start, x.stride, weight.start, scales.start, x.rows, x.columns, eps)
  }

  /// `dx += s (g∘w − x̂ mean(g∘w∘x̂))`.
  package func rmsBackward(
    addingTo dx: Matrix, _ g: Matrix, _ x: Matrix, weight: Matrix, scales: Matrix
  ) {
    precondition(dx.rows == x.rows && dx.columns == x.columns && weight.columns == x.columns)
    precondition(g.rows == x.rows && g.columns == x.columns)
    precondition(scales.rows == x.rows && scales.stride == 1)
    unsafe table.pointee.rms_backward(
      dx.start, dx.stride, g.start, g.stride, x.start, x.stride, weight.start, scales.start, x.rows,
      x.columns)
  }

  /// `dw += Σ g ∘ x · s` over rows; `scales` is `[rows, 1]`.
  package func rmsWeight(addingTo dw: Matrix, _ g: Matrix, _ x: Matrix, scales: Matrix) {
    precondition(dw.columns == x.columns && g.rows == x.rows && g.columns == x.columns)
    precondition(scales.rows == x.rows)
    unsafe table.pointee.rms_weight(
      dw.start, g.start, g.stride, x.start, x.stride, scales.start, scales.stride, x.rows,
      x.columns)
  }

  /// Normalises the heads of each row and rotates them by the row's angles.
  ///
  /// - Parameters:
  ///   - out: `[rows, heads · width]`.
  ///   - x: The same shape.
  ///   - weight: `[1, width]`.
  ///   - scales: `[rows, heads]`, kept for the backward pass.
  ///   - rotation: The cosines and sines of each row.
  ///   - eps: Added to the mean of squares.
  package func rope(
    _ out: Matrix, _ x: Matrix, weight: Matrix, scales: Matrix, rotation: Rotation, eps: Float
  ) {
    checkHeads(out, x, weight, scales, rotation)
    unsafe table.pointee.rope(
      out.start, out.stride, x.start, x.stride, weight.start, scales.start, scales.stride,
      rotation.cosine.start, rotation.sine.start, x.rows, scales.columns, weight.columns, eps)
  }

  /// The gradient of ``rope(_:_:weight:scales:rotation:eps:)``: `g` is rotated back in place, `dx` is the
  /// gradient of `x`.
  package func ropeBackward(
    _ dx: Matrix, _ g: Matrix, _ x: Matrix, weight: Matrix, scales: Matrix, rotation: Rotation
  ) {
    checkHeads(g, x, weight, scales, rotation)
    precondition(dx.rows == x.rows && dx.columns == x.columns)
    unsafe table.pointee.rope_backward(
      dx.start, dx.stride, g.start, g.stride, x.start, x.stride, weight.start, scales.start,
      scales.stride, rotation.cosine.start, rotation.sine.start, x.rows, scales.columns,
      weight.columns)
  }

  private func checkHeads(
    _ out: Matrix, _ x: Matrix, _ weight: Matrix, _ scales: Matrix, _ rotation: Rotation
  ) {
    precondition(out.rows == x.rows && out.columns == x.columns)
    precondition(scales.rows == x.rows && scales.columns * weight.columns == x.columns)
    precondition(weight.columns % 2 == 0 && rotation.cosine.rows == x.rows)
    precondition(rotation.cosine.columns == weight.columns / 2)
    precondition(rotation.cosine.stride == rotation.cosine.columns)
    precondition(rotation.sine.rows == x.rows && rotation.sine.columns == rotation.cosine.columns)
    precondition(rotation.sine.stride == rotation.sine.columns)
  }

  /// `out = silu(gate) ∘ up`; rows of `x` hold gate, then up.
  package func silu(_ out: Matrix, _ x: Matrix) {
    precondition(out.rows == x.rows && x.columns == 2 * out.columns)
    unsafe table.pointee.silu(out.start, out.stride, x.start, x.stride, x.rows, out.columns)
  }

  /// The gradients of gate, then up, from that of their product.
  package func siluBackward(_ dx: Matrix, _ g: Matrix, _ x: Matrix) {
    precondition(g.rows == x.rows && x.columns == 2 * g.columns)
    precondition(dx.rows == x.rows && dx.columns == x.columns)
    unsafe table.pointee.silu_backward(
      dx.start, dx.stride, g.start, g.stride, x.start, x.stride, x.rows, g.columns)
  }

  /// Scores to unnormalised probabilities: row i keeps its first `first + i` columns, at most all.
  ///
  /// - Parameters:
  ///   - scores: `[rows, width]`; become `exp(scale · score − max)`, zero beyond what is kept.
  ///   - sums: `[rows, 1]`, the sum of each row.
  ///   - logSums: `[rows, 1]`, the logarithm of the sum of the exponentials of the scaled scores.
  ///   - first: The number of columns that row 0 keeps, at least 1.
  ///   - scale: Multiplies the scores.
  package func causalSoftmax(
    _ scores: Matrix, sums: Matrix, logSums: Matrix, first: Int, scale: Float
  ) {
    precondition(sums.rows == scores.rows && sums.stride == 1 && logSums.rows == scores.rows)
    precondition(first >= 1 && scores.columns >= 1)
    unsafe table.pointee.causal_softmax(
      scores.start, scores.stride, sums.start, logSums.start, logSums.stride, scores.rows, first,
      scores.columns, scale)
  }

  /// Scores to probabilities, and gradients of probabilities to gradients of scores.
  package func causalBackward(
    _ scores: Matrix, _ gradients: Matrix, logSums: Matrix, dots: Matrix, first: Int, scale: Float
  ) {
    precondition(gradients.rows == scores.rows && gradients.columns == scores.columns)
    precondition(gradients.stride == scores.stride && logSums.rows == scores.rows)
    precondition(dots.rows == scores.rows && dots.stride == 1 && first >= 1)
    unsafe table.pointee.causal_backward(
      scores.start, gradients.start, scores.stride, logSums.start, logSums.stride, dots.start,
      scores.rows, first, scores.columns, scale)
  }

  /// `log Σ exp` of each row; `logSums` and `largest` are `[rows, 1]`.
  package func logSumExp(_ x: Matrix, logSums: Matrix, largest: Matrix) {
    precondition(logSums.rows == x.rows && logSums.stride == 1 && x.columns >= 1)
    precondition(largest.rows == x.rows && largest.stride == 1)
    unsafe table.pointee.logsumexp(
      x.start, x.stride, logSums.start, largest.start, x.rows, x.columns)
  }

  /// `x = factor · exp(x − logSum)` for one row.
  package func softmaxGradient(_ x: Matrix, logSum: Float, factor: Float) {
    precondition(x.rows == 1)
    unsafe table.pointee.softmax_gradient(x.start, logSum, factor, x.columns)
  }

  /// `exp((x − largest) / temperature)` of each element, in double.
  package func weights(_ x: [Float], temperature: Double) -> [Double] {
    precondition(!x.isEmpty && temperature > 0)
    return unsafe x.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return [] }
      let largest = Double(unsafe table.pointee.largest(base, x.count))
      return unsafe [Double](unsafeUninitializedCapacity: x.count) { target, count in
        if let out = target.baseAddress {
          unsafe table.pointee.weights(out, base, largest, temperature, x.count)
        }
        count = x.count
      }
    }
  }

  /// `x *= factor`; rows without gaps in one pass.
  package func scale(_ x: Matrix, by factor: Float) {
    for row in 0..<x.rows {
      unsafe table.pointee.scale(x.start + row * x.stride, factor, x.columns)
    }
  }

  /// Each row of `x` is divided by its sum; `sums` is `[rows, 1]`.
  package func scaleRows(_ x: Matrix, byInverseOf sums: Matrix) {
    precondition(sums.rows == x.rows)
    for row in 0..<x.rows {
      unsafe table.pointee.scale(x.start + row * x.stride, 1 / sums[row, 0], x.columns)
    }
  }

  /// `x += y`.
  package func add(_ y: Matrix, to x: Matrix) {
    precondition(x.rows == y.rows && x.columns == y.columns)
    for row in 0..<x.rows {
      unsafe table.pointee.add(x.start + row * x.stride, y.start + row * y.stride, x.columns)
    }
  }

  /// The inner products of the rows of two matrices; `out` is `[rows, 1]`.
  package func rowDots(_ out: Matrix, _ a: Matrix, _ b: Matrix) {
    precondition(out.rows == a.rows && b.rows == a.rows && a.columns == b.columns)
    for row in 0..<a.rows {
      out[row, 0] = unsafe table.pointee.dot(
        a.start + row * a.stride, b.start + row * b.stride, a.columns)
    }
  }

  /// `out = (x − mean) / √(var + eps) ∘ w + b` of each row.
  package func layerNorm(_ out: Matrix, _ x: Matrix, weight: Matrix, bias: Matrix, eps: Float) {
    precondition(out.rows == x.rows && out.columns == x.columns)
    precondition(weight.columns == x.columns && bias.columns == x.columns)
    unsafe table.pointee.layer_norm(
      out.start, out.stride, x.start, x.stride, weight.start, bias.start, x.rows, x.columns, eps)
  }

  /// The constants of one AdamW update.
  package struct AdamUpdate: Sendable {
    /// Multiplies the gradient first; below 1 when it is clipped.
    package var factor: Float
    /// The learning rate.
    package var rate: Float
    /// The decay of the first moment.
    package var beta1: Float
    /// The decay of the second moment.
    package var beta2: Float
    /// 1 − β₁ᵗ.
    package var correction1: Float
    /// 1 − β₂ᵗ.
    package var correction2: Float
    /// Added to the root of the second moment.
    package var eps: Float
    /// Learning rate times weight decay.
    package var decay: Float
  }

  /// One AdamW update of a range of parameters; all four buffers have the same layout.
  package func adam(
    values: FloatBuffer, first: FloatBuffer, second: FloatBuffer, gradients: FloatBuffer,
    range: Range<Int>, _ update: AdamUpdate
  ) {
    precondition(range.lowerBound >= 0 && range.upperBound <= values.count)
    precondition(first.count == values.count && second.count == values.count)
    precondition(gradients.count == values.count)
    let start = range.lowerBound
    unsafe table.pointee.adam(
      values.base + start, first.base + start, second.base + start, gradients.base + start,
      range.count, update.factor, update.rate, update.beta1, update.beta2, update.correction1,
      update.correction2, update.eps, update.decay)
  }
}
