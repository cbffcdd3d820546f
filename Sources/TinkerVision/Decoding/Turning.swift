extension RGBImage {
  /// The picture turned so that it stands upright.
  func turned(_ orientation: ImageOrientation) -> RGBImage {
    let (outWidth, outHeight) = orientation.swapsSides ? (height, width) : (width, height)
    // Where the first pixel of the result comes from, and how far apart the sources of neighbours are.
    let right = 3
    let down = width * 3
    let lastColumn = (width - 1) * right
    let lastRow = (height - 1) * down
    let (start, across, along) =
      switch orientation {
      case .up: (0, right, down)
      case .mirrored: (lastColumn, -right, down)
      case .turned: (lastRow + lastColumn, -right, -down)
      case .flipped: (lastRow, right, -down)
      case .transposed: (0, down, right)
      case .clockwise: (lastRow, -down, right)
      case .transverse: (lastRow + lastColumn, -down, -right)
      case .anticlockwise: (lastColumn, down, -right)
      }
    let source = bytes.span
    let turned = [UInt8].filled(count: bytes.count) { memory in
      var out = 0
      for row in 0..<outHeight {
        var from = start + row * along
        for _ in 0..<outWidth {
          memory[out] = source[from]
          memory[out + 1] = source[from + 1]
          memory[out + 2] = source[from + 2]
          out += 3
          from += across
        }
      }
    }
    return RGBImage(unchecked: turned, width: outWidth, height: outHeight)
  }
}
