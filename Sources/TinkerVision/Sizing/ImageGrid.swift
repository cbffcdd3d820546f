/// What becomes of a picture of some size: the size it is resized to, and its patches and tokens.
public struct ImageGrid: Sendable, Hashable {
  /// Width in pixels after resizing.
  public let width: Int
  /// Height in pixels after resizing.
  public let height: Int
  /// Width in pixels with the padding at the right, where the model pads; otherwise `width`.
  public let paddedWidth: Int
  /// Height in pixels with the padding at the bottom, where the model pads; otherwise `height`.
  public let paddedHeight: Int
  /// Patches in a row.
  public let columns: Int
  /// Rows of patches.
  public let rows: Int
  /// Positions in the model's input.
  public let tokens: Int

  /// Frames, rows and columns in patches: the processor's `image_grid_thw` of a picture.
  public var thw: [Int] { [1, rows, columns] }
}
