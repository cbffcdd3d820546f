internal import TinkerData

/// The rows of a picture as 8-bit RGB, top to bottom, decoded as they are asked for.
///
/// Interlaced files and pictures that are turned need the whole picture in memory; all others need one
/// row.
struct RGBRows: ~Copyable, ~Escapable {
  /// Size in pixels as delivered.
  let width: Int
  let height: Int

  private let conversion: RowConversion
  private var file: FileRows?
  /// A row as stored, where it must be converted.
  private var stored: [UInt8]
  /// The whole picture, where it cannot be read by rows.
  private var whole: RGBImage?
  private var nextRow = 0

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - header: What its header says.
  ///   - options: What becomes of transparency, orientation and 16-bit grey.
  /// - Throws: `ImageError` of the decoder.
  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, header: ImageHeader, options: DecodingOptions) throws(ImageError) {
    try header.checkCapacity()
    let overWhite = options.alpha == .white && header.hasTransparency
    var file = try FileRows(bytes, header: header, keepAlpha: overWhite)
    let conversion = RowConversion(of: file, header: header, options: options)
    let isTurned = options.orientation == .apply && header.orientation != .up
    let whole =
      file.isInterlaced || isTurned ? try Self.readWhole(&file, conversion: conversion) : nil
    (width, height) = header.size(turned: options.orientation)
    self.conversion = conversion
    stored =
      conversion.isNone || whole != nil ? [] : [UInt8](repeating: 0, count: file.rowBytes)
    self.whole = isTurned ? whole?.turned(header.orientation) : whole
    self.file = consume file
  }

  /// The rows of a picture that is decoded.
  @_lifetime(immortal)
  init(_ image: RGBImage) {
    width = image.width
    height = image.height
    conversion = .none
    file = nil
    stored = []
    whole = image
  }

  /// Reads the next row into the beginning of memory of at least 3 × `width` bytes.
  mutating func readRow(into row: inout MutableSpan<UInt8>) throws(ImageError) {
    precondition(nextRow < height)
    if let whole {
      let start = nextRow * width * 3
      for index in 0..<width * 3 { row[index] = whole.bytes[start + index] }
    } else if conversion.isNone {
      try file?.readRow(into: &row)
    } else {
      // Taken out, because the compiler does not see that the file and its row are apart.
      var stored: [UInt8] = []
      swap(&stored, &self.stored)
      defer { swap(&stored, &self.stored) }
      var memory = stored.mutableSpan
      try file?.readRow(into: &memory)
      conversion.convert(stored.span, to: &row, width: width)
    }
    nextRow += 1
  }

  /// Reads the rows that nobody asked for and what follows them, to find damage there.
  mutating func finish() throws(ImageError) {
    if whole != nil { return }
    if nextRow < height {
      var row = [UInt8](repeating: 0, count: width * 3)
      while nextRow < height {
        var memory = row.mutableSpan
        try readRow(into: &memory)
      }
    }
    try file?.finish()
  }

  /// Reads the whole picture.
  mutating func readAll() throws(ImageError) -> RGBImage {
    if let whole { return whole }
    let rowBytes = width * 3
    let bytes = try [UInt8].filled(count: rowBytes * height) { (memory) throws(ImageError) in
      for row in 0..<height {
        var part = memory.part(row * rowBytes..<(row + 1) * rowBytes)
        try readRow(into: &part)
      }
    }
    try finish()
    return RGBImage(unchecked: bytes, width: width, height: height)
  }

  private static func readWhole(
    _ file: inout FileRows, conversion: RowConversion
  ) throws(ImageError) -> RGBImage {
    let (width, height, rowBytes) = (file.width, file.height, file.rowBytes)
    let stored = try [UInt8].filled(count: height * rowBytes) { (memory) throws(ImageError) in
      if file.isInterlaced {
        try file.readInterlaced(into: &memory)
      } else {
        for row in 0..<height {
          var part = memory.part(row * rowBytes..<(row + 1) * rowBytes)
          try file.readRow(into: &part)
        }
      }
    }
    try file.finish()
    if conversion.isNone { return RGBImage(unchecked: stored, width: width, height: height) }
    let bytes = [UInt8].filled(count: height * width * 3) { memory in
      for row in 0..<height {
        var part = memory.part(row * width * 3..<(row + 1) * width * 3)
        conversion.convert(
          stored.span.extracting(row * rowBytes..<(row + 1) * rowBytes), to: &part, width: width)
      }
    }
    return RGBImage(unchecked: bytes, width: width, height: height)
  }
}

extension RowConversion {
  /// Whether rows are RGB as stored.
  var isNone: Bool { if case .none = self { true } else { false } }

  /// The conversion for a file.
  init(of file: borrowing FileRows, header: ImageHeader, options: DecodingOptions) {
    let key = options.alpha == .white ? file.transparentKey : nil
    switch (header.format, file.channels) {
    case (.jpeg, 4): self = .cmyk
    case (.png, 4): self = .rgba
    case (.png, 2): self = .grayAlpha
    case (_, 3):
      self = .none
      // The reference keeps the low byte of each number of the key and compares it with the 8-bit
      // sample, for 16-bit files too.
      if let key {
        self = .keyedRGB(
          UInt8(key.0 & 0xFF), UInt8(key.1 & 0xFF), UInt8(key.2 & 0xFF))
      }
    default:
      if file.sampleBytes == 2 {
        self = .gray16(options.gray16)
      } else if let key {
        // The key is compared as it stands, even with samples that were scaled to eight bits; of one
        // bit, 0 is black and everything else white.
        self = .keyedGray(header.bitDepth == 1 ? (key.0 == 0 ? 0 : 255) : UInt8(key.0 & 0xFF))
      } else {
        self = .gray
      }
    }
  }
}

extension ImageHeader {
  /// Refuses a PNG file whose compressed data cannot hold the pixels that it declares, before memory is
  /// taken for them.
  func checkCapacity() throws(ImageError) {
    guard let dataCapacity else { return }
    let channels =
      switch mode {
      case .bilevel, .gray, .gray16, .palette: 1
      case .grayAlpha: 2
      case .rgb: 3
      case .rgba: bitDepth == 16 ? 2 : 4
      case .cmyk: 4
      }
    guard width * height / 8 * channels * bitDepth <= dataCapacity else {
      throw ImageError(
        .truncated,
        "the file is too short for the \(width) × \(height) pixels that its header declares")
    }
  }
}
