/// Where the pixels of a resized picture stand in the patches of a vision tower.
package struct PatchLayout {
  package let patchSize: Int
  package let mergeSize: Int
  package let grid: ImageGrid

  package init(patchSize: Int, mergeSize: Int, grid: ImageGrid) {
    self.patchSize = patchSize
    self.mergeSize = mergeSize
    self.grid = grid
  }

  /// Values in a patch: 3 channels × 2 times × side × side.
  package var patchLength: Int { 3 * 2 * patchSize * patchSize }

  /// The place of a patch in the output: blocks of `mergeSize` × `mergeSize` patches stand together.
  package func index(row: Int, column: Int) -> Int {
    let block = row / mergeSize * (grid.columns / mergeSize) + column / mergeSize
    return (block * mergeSize + row % mergeSize) * mergeSize + column % mergeSize
  }
}
