public import TinkerData

/// How a model's processor chooses the size of a picture.
public enum ImageSizeRule: Sendable, Hashable {
  /// The rule of Qwen2-VL and its successors.
  case qwen(QwenSizeRule)
  /// The rule of Kimi K2.5 and K2.6.
  case kimi(KimiSizeRule)
  /// The rule of Nemotron 3.5 Super.
  case nemotron(NemotronSizeRule)

  /// The grid of a picture.
  ///
  /// - Parameters:
  ///   - width: In pixels.
  ///   - height: In pixels.
  /// - Returns: The size after resizing, patches and tokens.
  /// - Throws: `ImageError`: `badAspectRatio` for shapes that the model refuses, `tooLarge` for sides of
  ///   more than 31 bits, `corrupt` for sides of 0.
  public func grid(width: Int, height: Int) throws(ImageError) -> ImageGrid {
    guard width > 0, height > 0 else {
      throw ImageError(.corrupt, "a picture of \(width) × \(height) pixels has no patches")
    }
    guard width <= 0x7FFF_FFFF, height <= 0x7FFF_FFFF else {
      throw ImageError(.tooLarge, "\(width) × \(height) pixels: a side has more than 31 bits")
    }
    return switch self {
    case .qwen(let rule): try rule.grid(width: width, height: height)
    case .kimi(let rule): rule.grid(width: width, height: height)
    case .nemotron(let rule): try rule.grid(width: width, height: height)
    }
  }
}
