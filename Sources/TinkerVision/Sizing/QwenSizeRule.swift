internal import TinkerData

/// Sides are multiples of a block of patches, and the area lies between two limits where the shape
/// allows.
public struct QwenSizeRule: Sendable, Hashable {
  /// The side of a patch in pixels.
  public let patchSize: Int
  /// The side in patches of the block that makes one token.
  public let mergeSize: Int
  /// The fewest pixels.
  public let minPixels: Int
  /// The most pixels.
  public let maxPixels: Int

  /// Qwen3-VL, Qwen3.5 and Qwen3.6.
  public static let qwen3VL = QwenSizeRule(
    unchecked: (patch: 16, merge: 2), minPixels: 65_536, maxPixels: 16_777_216)
  /// Qwen2-VL and Qwen2.5-VL.
  public static let qwen25VL = QwenSizeRule(
    unchecked: (patch: 14, merge: 2), minPixels: 3_136, maxPixels: 12_845_056)

  /// The rule by its numbers.
  ///
  /// - Throws: `PreprocessorConfigurationError` for numbers that are not positive or too large.
  public init(
    patchSize: Int, mergeSize: Int, minPixels: Int, maxPixels: Int
  ) throws(PreprocessorConfigurationError) {
    try PreprocessorConfigurationError.check(patchSize, named: "patch_size", in: 1...256)
    try PreprocessorConfigurationError.check(mergeSize, named: "merge_size", in: 1...64)
    try PreprocessorConfigurationError.check(minPixels, named: "min_pixels", in: 1...0x7FFF_FFFF)
    try PreprocessorConfigurationError.check(maxPixels, named: "max_pixels", in: 1...0x7FFF_FFFF)
    self.init(
      unchecked: (patch: patchSize, merge: mergeSize), minPixels: minPixels, maxPixels: maxPixels)
  }

  private init(unchecked sizes: (patch: Int, merge: Int), minPixels: Int, maxPixels: Int) {
    patchSize = sizes.patch
    mergeSize = sizes.merge
    self.minPixels = minPixels
    self.maxPixels = maxPixels
  }

  /// The arithmetic is in doubles, in exactly the order of the reference.
  func grid(width: Int, height: Int) throws(ImageError) -> ImageGrid {
    let size = try resized(
      width: width, height: height, least: Double(minPixels), most: Double(maxPixels), frames: 1,
      blocks: 1)
    let columns = size.width / patchSize
    let rows = size.height / patchSize
    return ImageGrid(
      width: size.width, height: size.height, paddedWidth: size.width, paddedHeight: size.height,
      columns: columns, rows: rows, tokens: rows * columns / (mergeSize * mergeSize))
  }

  /// The size of a picture, or of each of several frames: the area is multiplied by `blocks` for the
  /// comparison with the limits, and by `frames` for the choice of the scale.
  func resized(
    width: Int, height: Int, least: Double, most: Double, frames: Int, blocks: Int
  ) throws(ImageError) -> (width: Int, height: Int) {
    guard Double(max(height, width)) / Double(min(height, width)) <= 200 else {
      throw ImageError(
        .badAspectRatio,
        "\(width) × \(height) pixels: one side is more than 200 times the other")
    }
    let factor = Double(patchSize * mergeSize)
    let (high, wide) = (Double(height), Double(width))
    var newHeight = (high / factor).rounded(.toNearestOrEven) * factor
    var newWidth = (wide / factor).rounded(.toNearestOrEven) * factor
    let area = Double(blocks) * newHeight * newWidth
    if area > most {
      let beta = (Double(frames) * high * wide / most).squareRoot()
      newHeight = max(factor, (high / beta / factor).rounded(.down) * factor)
      newWidth = max(factor, (wide / beta / factor).rounded(.down) * factor)
    } else if area < least {
      let beta = (least / (Double(frames) * high * wide)).squareRoot()
      newHeight = (high * beta / factor).rounded(.up) * factor
      newWidth = (wide * beta / factor).rounded(.up) * factor
    }
    guard newHeight > 0, newWidth > 0 else {
      throw ImageError(
        .badAspectRatio, "\(width) × \(height) pixels: a side becomes 0 for this model")
    }
    return (Int(newWidth), Int(newHeight))
  }
}
