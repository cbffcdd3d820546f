internal import TinkerData

/// The number of patches fits the context, and both sides are even in patches.
public struct NemotronSizeRule: Sendable, Hashable {
  /// The side of a patch in pixels.
  public let patchSize: Int
  /// The side in patches of the block that makes one token.
  public let mergeSize: Int
  /// The fewest patches.
  public let minPatches: Int
  /// The most patches.
  public let maxPatches: Int
  /// The positions of the model's context.
  public let contextLength: Int

  /// Nemotron 3.5 Super.
  public static let nemotron35Super = NemotronSizeRule(
    unchecked: (patch: 16, merge: 2), patches: 1_024...13_312, contextLength: 16_384)

  /// The rule by its numbers.
  ///
  /// - Throws: `PreprocessorConfigurationError` for numbers that are not positive or too large.
  public init(
    patchSize: Int, mergeSize: Int, minPatches: Int, maxPatches: Int, contextLength: Int
  ) throws(PreprocessorConfigurationError) {
    try PreprocessorConfigurationError.check(patchSize, named: "patch_size", in: 1...256)
    try PreprocessorConfigurationError.check(mergeSize, named: "merge_size", in: 1...64)
    try PreprocessorConfigurationError.check(minPatches, named: "min_patches", in: 1...0xFF_FFFF)
    try PreprocessorConfigurationError.check(
      maxPatches, named: "max_patches", in: minPatches...0x7FFF_FFFF)
    try PreprocessorConfigurationError.check(
      contextLength, named: "max_model_len", in: 5...0x7FFF_FFFF)
    self.init(
      unchecked: (patch: patchSize, merge: mergeSize), patches: minPatches...maxPatches,
      contextLength: contextLength)
  }

  private init(
    unchecked sizes: (patch: Int, merge: Int), patches: ClosedRange<Int>, contextLength: Int
  ) {
    patchSize = sizes.patch
    mergeSize = sizes.merge
    minPatches = patches.lowerBound
    maxPatches = patches.upperBound
    self.contextLength = contextLength
  }

  func grid(width: Int, height: Int) throws(ImageError) -> ImageGrid {
    let block = mergeSize * mergeSize
    let budget = max(min((contextLength - 4) * block, maxPatches), minPatches)
    func patches(_ side: Int) -> Double {
      (Double(side) / Double(patchSize) + 0.5).rounded(.toNearestOrEven)
    }
    var high = patches(height)
    var wide = patches(width)
    let shrink = min((Double(budget) / (high * wide)).squareRoot(), 1)
    high = (shrink * high).rounded(.down)
    wide = (shrink * wide).rounded(.down)
    guard high > 0, wide > 0 else {
      throw ImageError(
        .badAspectRatio, "\(width) × \(height) pixels: a side becomes 0 for this model")
    }
    if budget > minPatches, high * wide < Double(minPatches) {
      let grow = (Double(minPatches) / (high * wide)).squareRoot()
      high = (grow * high).rounded(.up)
      wide = (grow * wide).rounded(.up)
    }
    // Both sides are at most the budget by now, or the fewest patches.
    let rows = even(Int(high), beside: Int(wide), budget: budget)
    let columns = even(Int(wide), beside: rows, budget: budget)
    return ImageGrid(
      width: columns * patchSize, height: rows * patchSize, paddedWidth: columns * patchSize,
      paddedHeight: rows * patchSize, columns: columns, rows: rows, tokens: rows * columns / block)
  }

  /// A side that is a multiple of the block: the next one if the budget allows, otherwise the one below.
  private func even(_ side: Int, beside other: Int, budget: Int) -> Int {
    let rest = side % mergeSize
    guard rest != 0 else { return side }
    let above = side + mergeSize - rest
    return above * other <= budget ? above : max(mergeSize, side - rest)
  }
}
