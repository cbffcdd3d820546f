public import TinkerData

extension RGBImage {
  /// The picture in another size.
  ///
  /// - Parameters:
  ///   - width: In pixels.
  ///   - height: In pixels.
  ///   - filter: The kernel.
  ///   - resampler: Whose arithmetic is reproduced.
  /// - Returns: The picture.
  /// - Throws: `ImageError`: `corrupt` for a size without pixels, `tooLarge` for more pixels than
  ///   `ImageHeader.defaultPixelLimit`.
  public func resized(
    width: Int, height: Int, filter: ResamplingFilter = .bicubic,
    resampler: Resampler = .torchvision
  ) throws(ImageError) -> RGBImage {
    try ImageHeader.check(
      width: width, height: height, pixelLimit: ImageHeader.defaultPixelLimit, at: 0)
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
}
