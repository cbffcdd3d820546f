/// Whose resampling is reproduced, bit for bit.
public enum Resampler: String, Sendable, Hashable, CaseIterable {
  /// torchvision's antialiased resampling of bytes, which the fast processors use.
  case torchvision
  /// Pillow up to 12: along the rows first, always.
  case pillow12
  /// Pillow 13: along the columns first where that saves work.
  case pillow13

  /// Whether the pass along the columns comes first.
  func verticalFirst(from source: (width: Int, height: Int), to target: (width: Int, height: Int))
    -> Bool
  {
    guard self == .pillow13 else { return false }
    let less = source.height - target.height
    return less > 0 && less > 2 * (source.width - target.width)
  }
}

/// The kernels of resampling.
public enum ResamplingFilter: String, Sendable, Hashable, CaseIterable {
  /// Cubic convolution with a = -0.5.
  case bicubic
  /// A windowed sinc over three lobes.
  case lanczos
}
