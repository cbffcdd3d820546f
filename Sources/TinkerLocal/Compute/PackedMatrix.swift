internal import CTinkerKernels

/// The right side of a product, `[inner, outer]`, laid out in panels of sixteen columns so that a
/// kernel reads it straight through: element (k, n) stands in panel n / 16 at `k · 16 + n mod 16`.
package struct PackedMatrix {
  /// The columns of a panel.
  package static let panelWidth = Int(TK_PANEL)
  /// The steps of one block of a sum.
  package static let depth = Int(TK_DEPTH)

  /// Where the panels are.
  package let buffer: FloatBuffer
  /// The place of the first panel.
  package let offset: Int
  /// The length of the sums.
  package let inner: Int
  /// The number of columns.
  package let outer: Int
  /// The distance between panels.
  package let panelStride: Int

  /// A view of panels in a buffer.
  package init(_ buffer: FloatBuffer, offset: Int, inner: Int, outer: Int, panelStride: Int) {
    precondition(offset >= 0 && inner >= 0 && outer >= 0)
    precondition(panelStride >= inner * Self.panelWidth)
    let panels = Self.panels(outer)
    precondition(
      panels == 0
        || offset + (panels - 1) * panelStride + inner * Self.panelWidth <= buffer.count,
      "the panels lie outside of their buffer")
    self.buffer = buffer
    self.offset = offset
    self.inner = inner
    self.outer = outer
    self.panelStride = panelStride
  }

  /// New panels of zeros.
  package init(inner: Int, outer: Int) {
    let stride = inner * Self.panelWidth
    self.init(
      FloatBuffer(count: Self.panels(outer) * stride), offset: 0, inner: inner, outer: outer,
      panelStride: stride)
  }

  /// The number of panels of that many columns.
  package static func panels(_ columns: Int) -> Int {
    (columns + panelWidth - 1) / panelWidth
  }

  /// Some whole panels, by their columns; the range begins at a multiple of sixteen.
  package func columns(_ range: Range<Int>) -> PackedMatrix {
    precondition(range.lowerBound % Self.panelWidth == 0)
    precondition(range.lowerBound >= 0 && range.upperBound <= outer)
    return PackedMatrix(
      buffer, offset: offset + range.lowerBound / Self.panelWidth * panelStride, inner: inner,
      outer: range.count, panelStride: panelStride)
  }

  /// The first steps of the sums only.
  package func first(_ steps: Int) -> PackedMatrix {
    precondition(steps >= 0 && steps <= inner)
    return PackedMatrix(
      buffer, offset: offset, inner: steps, outer: outer, panelStride: panelStride)
  }

  /// Some steps of the sums in the middle of the panels.
  package func steps(_ range: Range<Int>) -> PackedMatrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= inner)
    return PackedMatrix(
      buffer, offset: offset + range.lowerBound * Self.panelWidth, inner: range.count, outer: outer,
      panelStride: panelStride)
  }

  /// Column `column` as a matrix of one column, for reading or writing a single one.
  package func column(_ column: Int) -> Matrix {
    precondition(column >= 0 && column < outer)
    return Matrix(
      buffer,
      offset: offset + column / Self.panelWidth * panelStride + column % Self.panelWidth,
      rows: inner, columns: 1, stride: Self.panelWidth)
  }

  /// One element.
  package subscript(step: Int, column: Int) -> Float {
    precondition(step >= 0 && step < inner && column >= 0 && column < outer)
    return buffer[
      offset + column / Self.panelWidth * panelStride + step * Self.panelWidth + column
        % Self.panelWidth]
  }
}
