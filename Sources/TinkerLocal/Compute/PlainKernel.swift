internal import CTinkerKernels

// What needs no processor class, behind safe calls; see NativeKernel for why they are in bounds.

extension Matrix {
  /// The address of element (0, 0), for kernels.
  @unsafe var start: UnsafeMutablePointer<Float> { unsafe buffer.base + offset }

  /// Copies the elements of another matrix of the same shape.
  package func copy(from other: Matrix) {
    precondition(rows == other.rows && columns == other.columns)
    unsafe tk_copy(start, stride, 1, other.start, other.stride, 1, rows, columns)
  }

  /// Copies the elements of a row into this matrix of one column.
  package func copyColumn(fromRow other: Matrix) {
    precondition(columns == 1 && other.rows == 1 && other.columns == rows)
    unsafe tk_copy(start, stride, 1, other.start, 1, 1, rows, 1)
  }

  /// Copies the elements of a matrix of one column into this row.
  package func copyRow(fromColumn other: Matrix) {
    precondition(rows == 1 && other.columns == 1 && other.rows == columns)
    unsafe tk_copy(start, 1, 1, other.start, other.stride, 1, columns, 1)
  }

  /// Sets all elements to zero.
  package func clear() {
    for row in 0..<rows { unsafe (start + row * stride).update(repeating: 0, count: columns) }
  }

  /// Rotates the heads of each row by the row's angles.
  package func rotate(heads: Int, by rotation: Rotation) {
    let half = rotation.cosine.columns
    precondition(columns == heads * half * 2 && rotation.cosine.rows == rows)
    precondition(rotation.cosine.stride == half && rotation.sine.stride == half)
    precondition(rotation.sine.rows == rows && rotation.sine.columns == half)
    unsafe tk_rotate(
      start, stride, rotation.cosine.start, rotation.sine.start, rows, heads, 2 * half)
  }

  /// `x · Φ(x)` of every element, with the error function.
  package func applyGELU() {
    for row in 0..<rows { unsafe tk_gelu_erf(start + row * stride, columns) }
  }

  /// `x · Φ(x)` of every element, approximated with tanh.
  package func applyTanhGELU() {
    for row in 0..<rows { unsafe tk_gelu_tanh(start + row * stride, columns) }
  }
}

extension PackedMatrix {
  /// The address of the first panel, for kernels.
  @unsafe var start: UnsafeMutablePointer<Float> { unsafe buffer.base + offset }

  /// Packs a matrix `[inner, outer]`, or `[outer, inner]` if `transposed`. It may have fewer `inner` rows
  /// than the panels; the rest is left alone.
  package func pack(_ matrix: Matrix, transposed: Bool) {
    precondition(transposed ? matrix.rows == outer : matrix.columns == outer)
    let steps = transposed ? matrix.columns : matrix.rows
    precondition(steps <= inner)
    unsafe tk_pack(
      start, panelStride, matrix.start, transposed ? 1 : matrix.stride,
      transposed ? matrix.stride : 1, steps, outer)
  }

  /// New panels of a matrix.
  package init(packing matrix: Matrix, transposed: Bool) {
    self.init(
      inner: transposed ? matrix.columns : matrix.rows,
      outer: transposed ? matrix.rows : matrix.columns)
    pack(matrix, transposed: transposed)
  }
}

extension FloatBuffer {
  /// Σ x² of a range, in double.
  package func sumOfSquares(_ range: Range<Int>) -> Double {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return unsafe tk_sum_of_squares(base + range.lowerBound, range.count)
  }

  /// How floats are stored in a file.
  package enum Storage: Sendable {
    /// 32 bits.
    case float32
    /// The upper 16 bits of a float.
    case bfloat16
    /// IEEE half precision.
    case float16

    /// The bytes of one element.
    package var width: Int { self == .float32 ? 4 : 2 }
  }

  /// Fills the whole buffer from the little-endian bytes of a file.
  package func fill(from bytes: Span<UInt8>, stored storage: Storage) {
    precondition(bytes.count == count * storage.width)
    unsafe bytes.withUnsafeBytes { raw in
      guard let source = raw.baseAddress else { return }
      switch storage {
      case .float32:
        unsafe UnsafeMutableRawPointer(base).copyMemory(from: source, byteCount: raw.count)
      case .bfloat16: unsafe tk_widen_bf16(base, source, count)
      case .float16: unsafe tk_widen_f16(base, source, count)
      }
    }
  }

  /// The little-endian bytes of a range.
  package func bytes(_ range: Range<Int>) -> [UInt8] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return unsafe Array(
      UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count * 4))
  }
}

extension Matrix {
  /// The floats of a matrix of one row.
  package var rowValues: [Float] {
    precondition(rows == 1)
    return unsafe Array(UnsafeBufferPointer(start: start, count: columns))
  }
}

extension Matrix {
  /// Copies values, row by row; there must be one for each element, and no gaps.
  package func fill(from values: Span<Float>) {
    precondition(stride == columns && values.count == rows * columns)
    unsafe values.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { unsafe start.update(from: base, count: source.count) }
    }
  }
}
