/// Where the pixels of a resized picture stand in the patches of a vision tower.
struct PatchLayout {
  let patchSize: Int
  let mergeSize: Int
  let grid: ImageGrid

  /// Values in a patch: 3 channels × 2 times × side × side.
  var patchLength: Int { 3 * 2 * patchSize * patchSize }

  /// The place of a patch in the output: blocks of `mergeSize` × `mergeSize` patches stand together.
  func index(row: Int, column: Int) -> Int {
    let block = row / mergeSize * (grid.columns / mergeSize) + column / mergeSize
    return (block * mergeSize + row % mergeSize) * mergeSize + column % mergeSize
  }
}
