/// Turns a band of rows, one patch high, into the values of its patches.
enum PatchKernel {
  /// Writes the row of patches with the number `row`; the band has as many rows of RGB as a patch is
  /// high.
  static func write(
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
