/// Rows of floats in a buffer: element (i, j) stands at `offset + i · stride + j`.
///
/// The initializer proves that every element lies in the buffer, so kernels need not ask again.
package struct Matrix {
  /// Where the floats are.
  package let buffer: FloatBuffer
  /// The place of element (0, 0).
  package let offset: Int
  /// The number of rows.
  package let rows: Int
  /// The number of columns.
  package let columns: Int
  /// The distance between rows.
  package let stride: Int

  /// A view of a buffer.
  package init(_ buffer: FloatBuffer, offset: Int, rows: Int, columns: Int, stride: Int) {
    precondition(offset >= 0 && rows >= 0 && columns >= 0 && stride >= 0)
    precondition(
      rows == 0 || columns == 0 || offset + (rows - 1) * stride + columns <= buffer.count,
      "the view lies outside of its buffer")
    self.buffer = buffer
    self.offset = offset
    self.rows = rows
    self.columns = columns
    self.stride = stride
  }

  /// A new matrix of zeros without gaps.
  package init(rows: Int, columns: Int) {
    self.init(
      FloatBuffer(count: rows * columns), offset: 0, rows: rows, columns: columns, stride: columns)
  }

  /// A new matrix of given values, row by row.
  package init(_ values: [Float], rows: Int, columns: Int) {
    precondition(values.count == rows * columns)
    self.init(FloatBuffer(values), offset: 0, rows: rows, columns: columns, stride: columns)
  }

  /// Some of the rows.
  package func rows(_ range: Range<Int>) -> Matrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows)
    return Matrix(
      buffer, offset: offset + range.lowerBound * stride, rows: range.count, columns: columns,
      stride: stride)
  }

  /// Some of the columns.
  package func columns(_ range: Range<Int>) -> Matrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= columns)
    return Matrix(
      buffer, offset: offset + range.lowerBound, rows: rows, columns: range.count, stride: stride)
  }

  /// The same floats of one row as a matrix of shorter rows, for example a row of heads.
  package func row(_ row: Int, as rows: Int, of columns: Int) -> Matrix {
    precondition(row >= 0 && row < self.rows && rows * columns <= self.columns)
    return Matrix(
      buffer, offset: offset + row * stride, rows: rows, columns: columns, stride: columns)
  }

  /// One element.
  package subscript(row: Int, column: Int) -> Float {
    get {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns)
      return buffer[offset + row * stride + column]
    }
    nonmutating set {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns)
      buffer[offset + row * stride + column] = newValue
    }
  }

  /// All elements, row by row.
  package var values: [Float] {
    var out: [Float] = []
    out.reserveCapacity(rows * columns)
    for row in 0..<rows { for column in 0..<columns { out.append(self[row, column]) } }
    return out
  }
}
