internal import CTinkerKernels

/// Turns a band of rows, one patch high, into the values of its patches.
package enum PatchKernel {
  /// Output from this many values on is written past the caches, which it would only empty.
  private static let streamedValues = 4 << 20

  /// Writes the row of patches with the number `row`; the band has as many rows of RGB as a patch is
  /// high.
  package static func write(
    _ band: RowStore, row: Int, layout: PatchLayout, table: NormalizationTable,
    to values: inout MutableSpan<Float>
  ) {
    let side = layout.patchSize
    let rowsBefore = row / layout.mergeSize * layout.mergeSize
    let start = rowsBefore * layout.grid.columns * layout.patchLength
    let count = layout.mergeSize * layout.grid.columns * layout.patchLength
    precondition(
      band.capacity >= side && band.stride >= layout.grid.width * 3 + RowStore.padding
        && start + count <= values.count)
    #if arch(x86_64)
      if let affine = table.affine, side <= 16, ResamplingKernel.hasVectors {
        let shift = affine.map(\.shift)
        let scale = affine.map(\.scale)
        let streams = layout.grid.rows * layout.grid.columns * layout.patchLength >= streamedValues
        // Bounds: the blocks of this row lie within `start..<start + count`; the rows are padded.
        return unsafe band.span.withUnsafeBufferPointer { memory in
          unsafe values.withUnsafeMutableBufferPointer { values in
            unsafe tk_image_write_patches(
              memory.baseAddress, band.stride, side, layout.grid.columns, layout.mergeSize,
              row % layout.mergeSize, shift, scale, streams,
              values.baseAddress.map { unsafe $0 + start })
          }
        }
      }
    #endif
    writePortably(band, row: row, layout: layout, table: table, to: &values)
  }

  package static func writePortably(
    _ band: RowStore, row: Int, layout: PatchLayout, table: NormalizationTable,
    to values: inout MutableSpan<Float>
  ) {
    let side = layout.patchSize
    let plane = side * side
    for column in 0..<layout.grid.columns {
      let patch = layout.index(row: row, column: column) * layout.patchLength
      for y in 0..<side {
        let line = band.row(y)
        for x in 0..<side {
          let pixel = (column * side + x) * 3
          let place = patch + y * side + x
          for channel in 0..<3 {
            let value = table.values[channel << 8 | Int(line[pixel + channel])]
            values[place + channel * 2 * plane] = value
            values[place + (channel * 2 + 1) * plane] = value
          }
        }
      }
    }
  }
}
