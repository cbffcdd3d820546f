internal import TinkerData

/// A picture encoded anew as JPEG, byte for byte as the training reference does it.
enum ReencodedJPEG {
  /// Encodes a file's picture: grey stays grey, CMYK stays CMYK, everything else becomes RGB; a comment
  /// of a JPEG file is kept, everything else about it is lost.
  static func encode(
    _ file: [UInt8], header: ImageHeader, options: DecodingOptions
  ) throws(ImageError) -> [UInt8] {
    let isTurned = options.orientation == .apply && header.orientation != .up
    switch header.mode {
    case .cmyk where !isTurned: return try encodeStored(file, header: header)
    case .gray where header.format == .jpeg && !isTurned:
      return try encodeStored(file, header: header)
    case .bilevel, .gray, .gray16:
      // Transparency over white keeps grey grey as well: all three channels are equal.
      return try encodeRows(file, header: header, options: options, channels: 1)
    case .grayAlpha, .palette, .rgb, .rgba, .cmyk:
      return try encodeRows(file, header: header, options: options, channels: 3)
    }
  }

  /// Samples go from decoder to encoder as they are.
  private static func encodeStored(
    _ file: [UInt8], header: ImageHeader
  ) throws(ImageError) -> [UInt8] {
    try header.checkCapacity()
    var rows = try FileRows(file.span, header: header, keepAlpha: false)
    var encoder = try JPEGEncoder(
      width: rows.width, height: rows.height, channels: rows.channels, comment: header.comment)
    var row = [UInt8](repeating: 0, count: rows.rowBytes)
    for _ in 0..<rows.height {
      var memory = row.mutableSpan
      try rows.readRow(into: &memory)
      try encoder.writeRow(row.span)
    }
    try rows.finish()
    return try encoder.finish()
  }

  /// Encodes a decoded picture as RGB.
  static func encode(_ image: RGBImage) throws(ImageError) -> [UInt8] {
    var encoder = try JPEGEncoder(
      width: image.width, height: image.height, channels: 3, comment: [])
    let rowBytes = image.width * 3
    for row in 0..<image.height {
      try encoder.writeRow(
        image.bytes.span.extracting(row * rowBytes..<(row + 1) * rowBytes))
    }
    return try encoder.finish()
  }

  private static func encodeRows(
    _ file: [UInt8], header: ImageHeader, options: DecodingOptions, channels: Int
  ) throws(ImageError) -> [UInt8] {
    var rows = try RGBRows(file.span, header: header, options: options)
    var encoder = try JPEGEncoder(
      width: rows.width, height: rows.height, channels: channels, comment: header.comment)
    var row = [UInt8](repeating: 0, count: rows.width * 3)
    for _ in 0..<rows.height {
      var memory = row.mutableSpan
      try rows.readRow(into: &memory)
      if channels == 1 {
        for pixel in 0..<rows.width { row[pixel] = row[pixel * 3] }
      }
      try encoder.writeRow(row.span)
    }
    try rows.finish()
    return try encoder.finish()
  }
}
