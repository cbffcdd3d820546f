public import TinkerData

extension RGBImage {
  /// The longest side that is resized, before or after: the table of weights grows with it.
  private static let longestSide = 1 << 20

  /// The picture in another size.
  ///
  /// - Parameters:
  ///   - width: In pixels.
  ///   - height: In pixels.
  ///   - filter: The kernel.
  ///   - resampler: Whose arithmetic is reproduced.
  /// - Returns: The picture.
  /// - Throws: `ImageError`: `corrupt` for a size without pixels, `tooLarge` for more pixels than
  ///   `ImageHeader.defaultPixelLimit` and for sides of more than 1,048,576 pixels.
  public func resized(
    width: Int, height: Int, filter: ResamplingFilter = .bicubic,
    resampler: Resampler = .torchvision
  ) throws(ImageError) -> RGBImage {
    try ImageHeader.check(
      width: width, height: height, pixelLimit: ImageHeader.defaultPixelLimit, at: 0)
    let longest = max(width, height, self.width, self.height)
    guard longest <= Self.longestSide else {
      throw ImageError(
        .tooLarge, "a side of \(longest) pixels; \(Self.longestSide) is the most that is resized")
    }
    var rows = ResizedRows(
      RGBRows(self), width: width, height: height, filter: filter, resampler: resampler)
    var store = RowStore(rowBytes: width * 3, capacity: 1)
    let bytes = try [UInt8].filled(count: width * height * 3) { (memory) throws(ImageError) in
      for row in 0..<height {
        var memoryOfLine = store.mutableRow(0)
        try rows.readRow(into: &memoryOfLine)
        let line = store.row(0)
        for index in 0..<width * 3 { memory[row * width * 3 + index] = line[index] }
      }
    }
    return RGBImage(unchecked: bytes, width: width, height: height)
  }

  /// The picture, made smaller until its longer side has at most so many pixels, with Pillow's Lanczos.
  ///
  /// - Parameter side: The most pixels of a side.
  /// - Returns: The picture; itself when it is small enough.
  /// - Throws: `ImageError`: `badAspectRatio` when the other side would become 0.
  public func limited(toSide side: Int) throws(ImageError) -> RGBImage {
    let longest = max(width, height)
    guard longest > side else { return self }
    func scaled(_ length: Int) -> Int { Int(Double(length * side) / Double(longest)) }
    guard scaled(width) > 0, scaled(height) > 0 else {
      throw ImageError(
        .badAspectRatio, "\(width) × \(height) pixels: a side becomes 0 within \(side) pixels")
    }
    return try resized(
      width: scaled(width), height: scaled(height), filter: .lanczos, resampler: .pillow13)
  }
}
