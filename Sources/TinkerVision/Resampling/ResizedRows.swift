internal import TinkerData

/// The rows of a resized picture, top to bottom, made as they are asked for.
///
/// Only as many rows of the source are kept as the pass along the columns needs.
struct ResizedRows: ~Copyable, ~Escapable {
  let width: Int
  let height: Int

  private var source: RGBRows
  private let horizontal: WeightTable?
  private let vertical: WeightTable?
  private let verticalFirst: Bool
  /// Rows between the source and the pass along the columns.
  private var kept: RowStore
  /// One row between the two passes, or between the source and the pass along the rows.
  private var between: RowStore
  private var nextSource = 0
  private var nextRow = 0

  /// The rows of a picture resized to a size; equal sizes copy.
  @_lifetime(copy source)
  init(
    _ source: consuming RGBRows, width: Int, height: Int, filter: ResamplingFilter,
    resampler: Resampler
  ) {
    self.width = width
    self.height = height
    let (oldWidth, oldHeight) = (source.width, source.height)
    self.source = source
    horizontal =
      oldWidth == width
      ? nil : WeightTable(from: oldWidth, to: width, filter: filter, resampler: resampler)
    vertical =
      oldHeight == height
      ? nil : WeightTable(from: oldHeight, to: height, filter: filter, resampler: resampler)
    verticalFirst =
      resampler.verticalFirst(from: (oldWidth, oldHeight), to: (width, height))
    kept = RowStore(
      rowBytes: (verticalFirst ? oldWidth : width) * 3, capacity: max(1, vertical?.mostTaps ?? 1))
    between = RowStore(rowBytes: oldWidth * 3, capacity: 1)
  }

  /// Makes the next row, in memory of at least 3 × `width` + `RowStore.padding` bytes.
  mutating func readRow(into row: inout MutableSpan<UInt8>) throws(ImageError) {
    precondition(nextRow < height && row.count >= width * 3 + RowStore.padding)
    defer { nextRow += 1 }
    guard let vertical else {
      guard let horizontal else { return try source.readRow(into: &row) }
      return try readResampled(horizontal, into: &row)
    }
    let range = vertical.range(of: nextRow)
    try fill(from: range.lowerBound, upTo: range.upperBound)
    guard let horizontal, verticalFirst else {
      return ResamplingKernel.resampleColumns(
        kept, row: nextRow, to: &row, byteCount: width * 3, table: vertical)
    }
    let sourceBytes = source.width * 3
    var between = RowStore(rowBytes: 0, capacity: 0)
    swap(&between, &self.between)
    defer { swap(&between, &self.between) }
    var line = between.mutableRow(0)
    ResamplingKernel.resampleColumns(
      kept, row: nextRow, to: &line, byteCount: sourceBytes, table: vertical)
    ResamplingKernel.resampleRow(between.row(0), to: &row, table: horizontal)
  }

  /// Reads the rest of the source, to find damage there.
  mutating func finish() throws(ImageError) { try source.finish() }

  /// Takes rows of the source up to `end`; those before `start` are of no use any more.
  private mutating func fill(from start: Int, upTo end: Int) throws(ImageError) {
    while nextSource < end {
      // Stores are taken out, because the compiler does not see that they are apart from the source.
      var kept = RowStore(rowBytes: 0, capacity: 0)
      swap(&kept, &self.kept)
      defer { swap(&kept, &self.kept) }
      var row = kept.mutableRow(nextSource)
      if let horizontal, !verticalFirst, nextSource >= start {
        try readResampled(horizontal, into: &row)
      } else {
        try source.readRow(into: &row)
      }
      nextSource += 1
    }
  }

  /// Takes a row of the source and resamples it.
  private mutating func readResampled(
    _ table: WeightTable, into row: inout MutableSpan<UInt8>
  ) throws(ImageError) {
    var between = RowStore(rowBytes: 0, capacity: 0)
    swap(&between, &self.between)
    defer { swap(&between, &self.between) }
    var line = between.mutableRow(0)
    try source.readRow(into: &line)
    ResamplingKernel.resampleRow(between.row(0), to: &row, table: table)
  }
}
