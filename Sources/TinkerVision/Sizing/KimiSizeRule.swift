/// Pictures are only ever made smaller, and are padded to whole blocks of patches.
public struct KimiSizeRule: Sendable, Hashable {
  /// The side of a patch in pixels.
  public let patchSize: Int
  /// The side in patches of the block that makes one token.
  public let mergeSize: Int
  /// The most patches.
  public let maxPatches: Int
  /// The most patches along a side.
  public let maxSide: Int

  /// Kimi K2.5 and K2.6.
  public static let k25 = KimiSizeRule(
    unchecked: (patch: 14, merge: 2), maxPatches: 16_384, maxSide: 512)

  /// The rule by its numbers.
  ///
  /// - Throws: `PreprocessorConfigurationError` for numbers that are not positive or too large.
  public init(
    patchSize: Int, mergeSize: Int, maxPatches: Int, maxSide: Int
  ) throws(PreprocessorConfigurationError) {
    try PreprocessorConfigurationError.check(patchSize, named: "patch_size", in: 1...256)
    try PreprocessorConfigurationError.check(mergeSize, named: "merge_size", in: 1...64)
    try PreprocessorConfigurationError.check(maxPatches, named: "max_patches", in: 1...0x7FFF_FFFF)
    try PreprocessorConfigurationError.check(maxSide, named: "side", in: 1...0xFFFF)
    self.init(
      unchecked: (patch: patchSize, merge: mergeSize), maxPatches: maxPatches, maxSide: maxSide)
  }

  private init(unchecked sizes: (patch: Int, merge: Int), maxPatches: Int, maxSide: Int) {
    patchSize = sizes.patch
    mergeSize = sizes.merge
    self.maxPatches = maxPatches
    self.maxSide = maxSide
  }

  func grid(width: Int, height: Int) -> ImageGrid {
    let longest = maxSide * patchSize
    let patches =
      max(1, Double(height / patchSize)) * max(1, Double(width / patchSize))
    let scale = min(
      1, (Double(maxPatches) / patches).squareRoot(), Double(longest) / Double(height),
      Double(longest) / Double(width))
    let newHeight = min(max(1, Int(Double(height) * scale)), longest)
    let newWidth = min(max(1, Int(Double(width) * scale)), longest)
    let block = patchSize * mergeSize
    let paddedHeight = (newHeight + block - 1) / block * block
    let paddedWidth = (newWidth + block - 1) / block * block
    return ImageGrid(
      width: newWidth, height: newHeight, paddedWidth: paddedWidth, paddedHeight: paddedHeight,
      columns: paddedWidth / patchSize, rows: paddedHeight / patchSize,
      tokens: (paddedHeight / block) * (paddedWidth / block))
  }
}
