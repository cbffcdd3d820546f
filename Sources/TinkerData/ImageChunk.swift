/// An encoded image with the number of tokens that it takes in the model's input.
public struct ImageChunk: Sendable, Hashable {
  /// The encodings that the service takes.
  public enum Format: String, Sendable, Hashable {
    /// Portable Network Graphics.
    case png
    /// JPEG.
    case jpeg
  }

  /// The patches that the model cuts an image into.
  public struct PatchGrid: Sendable, Hashable {
    /// Rows of patches.
    public var rows: Int
    /// Patches in a row.
    public var columns: Int

    /// A grid by its extents.
    public init(rows: Int, columns: Int) {
      self.rows = rows
      self.columns = columns
    }
  }

  /// The bytes of the image file.
  public var data: [UInt8]
  /// The encoding of `data`.
  public var format: Format
  /// The positions that the image takes. The service computes its own count and may refuse a
  /// different one.
  public var expectedTokens: Int
  /// Width in pixels of the image as loaded.
  public var width: Int
  /// Height in pixels of the image as loaded.
  public var height: Int
  /// The patches that the tokens were counted from, where they are known; for people to look at.
  public var grid: PatchGrid?

  /// A chunk with all that is known of it.
  public init(
    data: [UInt8], format: Format, expectedTokens: Int, width: Int, height: Int,
    grid: PatchGrid? = nil
  ) {
    self.data = data
    self.format = format
    self.expectedTokens = expectedTokens
    self.width = width
    self.height = height
    self.grid = grid
  }
}
