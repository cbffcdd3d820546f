/// What becomes of transparency.
public enum AlphaRule: String, Sendable, Hashable, CaseIterable {
  /// It is dropped: the hidden colour shows. This is what the training reference does.
  case drop
  /// The picture is laid over white.
  case white
}

/// What becomes of the orientation that a camera noted.
public enum OrientationRule: String, Sendable, Hashable, CaseIterable {
  /// The picture stays as it is stored. This is what the training reference does.
  case ignore
  /// The picture is turned upright; width and height are those of the upright picture.
  case apply
}

/// How sixteen bits of grey become eight.
public enum Gray16Rule: String, Sendable, Hashable, CaseIterable {
  /// The high byte.
  case high
  /// The value, at most 255: what Pillow does, which turns most such pictures white.
  case clip
}

/// The choices in making 8-bit RGB of a file.
public struct DecodingOptions: Sendable, Hashable {
  /// What becomes of transparency.
  public var alpha: AlphaRule
  /// What becomes of the orientation that a camera noted.
  public var orientation: OrientationRule
  /// How sixteen bits of grey become eight.
  public var gray16: Gray16Rule
  /// The most pixels that are decoded.
  public var pixelLimit: Int

  /// The choices; by default those of the training reference, but the high byte of 16-bit grey.
  public init(
    alpha: AlphaRule = .drop, orientation: OrientationRule = .ignore, gray16: Gray16Rule = .high,
    pixelLimit: Int = ImageHeader.defaultPixelLimit
  ) {
    self.alpha = alpha
    self.orientation = orientation
    self.gray16 = gray16
    self.pixelLimit = pixelLimit
  }
}
