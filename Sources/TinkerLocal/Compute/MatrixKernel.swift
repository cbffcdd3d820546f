/// Who multiplies matrices.
///
/// Every element of a product is summed over `inner` in order, in blocks of ``PackedMatrix/depth``
/// steps, whatever the number of rows and columns: a row's result does not depend on its company, nor on
/// how a product is split among threads.
package protocol MatrixKernel {
  /// The name of the processor class, for reports.
  var name: String { get }

  /// `out = a · b`, or `out += a · b`.
  ///
  /// - Parameters:
  ///   - out: `[rows, b.outer]`.
  ///   - a: `[rows, b.inner]`, or `[b.inner, rows]` if `transposed`.
  ///   - transposed: Whether the sum runs over the rows of `a`.
  ///   - b: The packed right side.
  ///   - adding: Whether the product is added to `out`.
  func multiply(
    into out: Matrix, _ a: Matrix, transposed: Bool, _ b: PackedMatrix, adding: Bool)
}

extension MatrixKernel {
  /// `out = a · b`.
  package func multiply(into out: Matrix, _ a: Matrix, _ b: PackedMatrix) {
    multiply(into: out, a, transposed: false, b, adding: false)
  }

  /// `out += a · b`.
  package func multiply(addingTo out: Matrix, _ a: Matrix, _ b: PackedMatrix) {
    multiply(into: out, a, transposed: false, b, adding: true)
  }

  /// `out += aᵀ · b`.
  package func multiply(addingTo out: Matrix, transposed a: Matrix, _ b: PackedMatrix) {
    multiply(into: out, a, transposed: true, b, adding: true)
  }
}
