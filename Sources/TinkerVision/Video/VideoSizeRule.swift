public import TinkerData

/// How the Qwen3-VL processor chooses the size of a video's frames.
public enum VideoSizeRule: Sendable, Hashable {
  /// As transformers 5.5.4: frames smaller than a block of patches are refused.
  case transformers554
  /// As transformers 5.23: such frames are enlarged first, and single frames are refused.
  case transformers523

  /// Patches of 16 pixels in blocks of 2 × 2, with the limits of the published configuration, which count
  /// the pixels of all frames.
  private static let blocks = QwenSizeRule.qwen3VL
  private static let leastPixels = 4_096.0
  private static let mostPixels = 25_165_824.0

  /// The grid of each pair of frames.
  ///
  /// - Parameters:
  ///   - frames: Frames that are taken of the video.
  ///   - width: Of the video, in pixels.
  ///   - height: Of the video, in pixels.
  /// - Returns: The size after resizing, patches and tokens.
  /// - Throws: `ImageError` for sizes and numbers of frames that the processor refuses.
  public func grid(frames: Int, width: Int, height: Int) throws(ImageError) -> ImageGrid {
    let least = Self.blocks.patchSize * Self.blocks.mergeSize
    guard frames > 0, frames <= 0xFFFF, width > 0, height > 0, width <= 0xFF_FFFF,
      height <= 0xFF_FFFF
    else {
      throw ImageError(
        .tooLarge, "\(frames) frames of \(width) × \(height) pixels are no video that is read")
    }
    var (width, height) = (width, height)
    let pairs: Int
    switch self {
    case .transformers554:
      guard width >= least, height >= least else {
        throw ImageError(
          .unsupportedFormat, "\(width) × \(height) pixels: a frame has at least \(least) on a side"
        )
      }
      pairs = (frames + 1) / 2
    case .transformers523:
      guard frames >= 2 else {
        throw ImageError(.unsupportedFormat, "a video has at least 2 frames")
      }
      if width < least || height < least {
        let scale = max(Double(least) / Double(height), Double(least) / Double(width))
        height = Int(Double(height) * scale)
        width = Int(Double(width) * scale)
      }
      pairs = Int((Double(frames) / 2).rounded(.toNearestOrEven))
    }
    let size = try Self.blocks.resized(
      width: width, height: height, least: Self.leastPixels, most: Self.mostPixels, frames: frames,
      blocks: pairs * 2)
    let columns = size.width / Self.blocks.patchSize
    let rows = size.height / Self.blocks.patchSize
    return ImageGrid(
      width: size.width, height: size.height, paddedWidth: size.width, paddedHeight: size.height,
      columns: columns, rows: rows,
      tokens: rows * columns / (Self.blocks.mergeSize * Self.blocks.mergeSize))
  }
}
