/// What computes for one engine: products, row kernels, threads, and memory that passes reuse.
package final class Compute {
  /// Multiplies matrices.
  package let product: any MatrixKernel
  /// Everything that is not a product.
  package let kernel: NativeKernel
  /// The threads.
  package let pool: WorkerPool
  /// Memory of the pass that runs.
  package let arena = Arena()

  /// The means of an engine.
  ///
  /// - Parameters:
  ///   - kernelClass: The processor class; by default the best one.
  ///   - threads: The number of threads; by default one for each core.
  ///   - product: Another multiplier, for checks.
  package init(
    kernelClass: KernelClass = .preferred, threads: Int? = nil, product: (any MatrixKernel)? = nil
  ) {
    kernel = NativeKernel(kernelClass)
    self.product = product ?? kernel
    pool = WorkerPool(threads: threads)
  }
}

/// Buffers that are kept from pass to pass, so that a training step allocates nothing once it has run.
package final class Arena {
  /// What a buffer is for: a part of a pass, and a number within it (a layer, a thread).
  package struct Slot: Hashable {
    /// The part of the pass.
    let part: String
    /// The layer, thread or product.
    let number: Int
  }

  private var buffers: [Slot: FloatBuffer] = [:]

  /// A matrix in the buffer of a slot; its values are those that were left there.
  package func matrix(_ part: String, _ number: Int = 0, rows: Int, columns: Int) -> Matrix {
    Matrix(
      buffer(part, number, count: rows * columns), offset: 0, rows: rows, columns: columns,
      stride: columns)
  }

  /// Panels in the buffer of a slot.
  package func panels(_ part: String, _ number: Int = 0, inner: Int, outer: Int) -> PackedMatrix {
    let stride = inner * PackedMatrix.panelWidth
    return PackedMatrix(
      buffer(part, number, count: PackedMatrix.panels(outer) * stride), offset: 0, inner: inner,
      outer: outer, panelStride: stride)
  }

  private func buffer(_ part: String, _ number: Int, count: Int) -> FloatBuffer {
    let slot = Slot(part: part, number: number)
    if let buffer = buffers[slot], buffer.count >= count { return buffer }
    buffers[slot] = nil
    let buffer = FloatBuffer(count: count)
    buffers[slot] = buffer
    return buffer
  }
}
