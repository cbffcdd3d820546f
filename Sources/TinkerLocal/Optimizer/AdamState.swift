package import TinkerData

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// One thread's part of a sum.
private final class PartialSum {
  var value = 0.0
}

/// What is trained: values with their gradients and moments, in one layout.
package final class AdamState {
  /// The values.
  package let values: FloatBuffer
  /// The gradients since the last step.
  package let gradients: FloatBuffer
  /// The first moments.
  package let first: FloatBuffer
  /// The second moments.
  package let second: FloatBuffer
  /// The number of steps taken.
  package var step = 0

  /// Values without moments.
  package init(_ values: FloatBuffer) {
    self.values = values
    gradients = FloatBuffer(count: values.count)
    first = FloatBuffer(count: values.count)
    second = FloatBuffer(count: values.count)
  }

  private static let block = 1 << 15

  /// The L2 norm of all gradients, summed in double in a fixed order of blocks.
  package func gradientNorm(_ compute: Compute) -> Double {
    let count = gradients.count
    let blocks = (count + Self.block - 1) / Self.block
    // Each block writes its own element.
    let parts = (0..<blocks).map { _ in PartialSum() }
    compute.pool.run(blocks, cost: count * 2) { piece, _ in
      parts[piece].value = gradients.sumOfSquares(
        piece * Self.block..<min(count, (piece + 1) * Self.block))
    }
    return parts.reduce(0) { $0 + $1.value }.squareRoot()
  }

  /// One AdamW step: moments, decoupled decay, bias correction, clipping to a global norm. The gradients are
  /// zero afterwards.
  ///
  /// - Returns: The norm of the gradients before clipping.
  /// - Throws: `LocalError` for settings out of range, and when the norm is not finite; then values and
  ///   moments are as before and the gradients are zero.
  package func update(_ params: AdamParams, _ compute: Compute) throws(LocalError) -> Double {
    try Self.check(params)
    let norm = gradientNorm(compute)
    guard norm.isFinite else {
      gradients.clear()
      throw .numbers("the norm of the gradients is not finite; the step was not taken")
    }
    let isClipped = params.gradClipNorm > 0 && norm > params.gradClipNorm
    step += 1
    let update = NativeKernel.AdamUpdate(
      factor: isClipped ? Float(params.gradClipNorm / norm) : 1, rate: Float(params.learningRate),
      beta1: Float(params.beta1), beta2: Float(params.beta2),
      correction1: Float(1 - pow(params.beta1, Double(step))),
      correction2: Float(1 - pow(params.beta2, Double(step))), eps: Float(params.eps),
      decay: Float(params.learningRate * params.weightDecay))
    let count = values.count
    compute.pool.runRows(count, block: Self.block, cost: count * 8) { range, _ in
      compute.kernel.adam(
        values: values, first: first, second: second, gradients: gradients, range: range, update)
    }
    gradients.clear()
    return norm
  }

  private static func check(_ params: AdamParams) throws(LocalError) {
    let named = [
      ("learning_rate", params.learningRate), ("beta1", params.beta1), ("beta2", params.beta2),
      ("eps", params.eps), ("weight_decay", params.weightDecay),
      ("grad_clip_norm", params.gradClipNorm),
    ]
    for (name, value) in named where !value.isFinite || value < 0 {
      throw .request("\(name) is \(value); a number from 0 is needed")
    }
    for (name, value) in named[1...2] where value >= 1 {
      throw .request("\(name) is \(value); a number below 1 is needed")
    }
  }
}
