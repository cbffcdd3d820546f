public import TinkerData

/// Turns PNG and JPEG files into exactly the numbers that a Qwen vision tower reads.
///
/// A file is decoded, resized, normalised and laid out row by row: apart from the output, only a few rows
/// of the picture are in memory, except for progressive, interlaced and turned pictures, which need
/// buffers of their size.
public struct ImagePreprocessor: Sendable {
  /// Sizes, mean and deviation.
  public let configuration: PreprocessorConfiguration
  /// Whose resampling is reproduced.
  public let resampler: Resampler
  /// Whose normalisation is reproduced.
  public let normalization: Normalization
  /// What becomes of transparency, orientation and 16-bit grey.
  public let decoding: DecodingOptions

  private let size: QwenSizeRule
  private let table: NormalizationTable

  /// A preprocessor.
  ///
  /// - Parameters:
  ///   - configuration: That of the model.
  ///   - resampler: Whose resampling is reproduced; by default that of the fast processors.
  ///   - normalization: Whose normalisation is reproduced; by default that of the fast processors.
  ///   - decoding: What becomes of transparency, orientation and 16-bit grey.
  /// - Throws: `PreprocessorConfigurationError` for models whose patches are not made here: only token
  ///   counts are known of Kimi and Nemotron.
  public init(
    _ configuration: PreprocessorConfiguration = .qwen3VL, resampler: Resampler = .torchvision,
    normalization: Normalization = .fast, decoding: DecodingOptions = DecodingOptions()
  ) throws(PreprocessorConfigurationError) {
    guard case .qwen(let size) = configuration.size else {
      throw PreprocessorConfigurationError(
        "patches are made for the Qwen models only; of others the token counts are known")
    }
    self.configuration = configuration
    self.resampler = resampler
    self.normalization = normalization
    self.decoding = decoding
    self.size = size
    table = NormalizationTable(
      mean: configuration.mean, deviation: configuration.deviation, normalization)
  }

  /// Values in a patch: 3 channels × 2 times × side × side.
  public var patchLength: Int { 6 * size.patchSize * size.patchSize }

  /// The grid of a file's picture, from its header.
  ///
  /// - Throws: `ImageError` for files whose header cannot be used.
  public func grid(of file: [UInt8]) throws(ImageError) -> ImageGrid {
    try grid(of: ImageHeader(of: file, pixelLimit: decoding.pixelLimit))
  }

  /// The grid of a picture of which the header is known.
  ///
  /// - Throws: `ImageError` for sizes that the model refuses.
  public func grid(of header: ImageHeader) throws(ImageError) -> ImageGrid {
    let (width, height) = header.size(turned: decoding.orientation)
    let grid = try size.grid(width: width, height: height)
    guard grid.width * grid.height <= decoding.pixelLimit else {
      throw ImageError(
        .tooLarge, "the picture becomes \(grid.width) × \(grid.height) pixels for this model")
    }
    return grid
  }

  /// The patches of files, in memory that is used again.
  ///
  /// - Parameters:
  ///   - files: PNG or JPEG files; their patches follow one another.
  ///   - patches: Where they are written; what was there is forgotten.
  /// - Throws: `ImageError` for the first file that cannot be used; `patches` then holds those before it.
  public func patches(of files: [[UInt8]], into patches: inout PatchBuffer) throws(ImageError) {
    patches.removeAll()
    for file in files { try append(file, to: &patches) }
  }

  /// Adds the patches of a file to those of others.
  ///
  /// - Parameters:
  ///   - file: A PNG or JPEG file.
  ///   - patches: Patches that preprocessors of the same patch length made.
  /// - Throws: `ImageError`; `patches` then stays as it is.
  public func append(_ file: [UInt8], to patches: inout PatchBuffer) throws(ImageError) {
    let header = try ImageHeader(of: file, pixelLimit: decoding.pixelLimit)
    let grid = try grid(of: header)
    try patches.append(grid, patchLength: patchLength) { (values) throws(ImageError) in
      try write(file.span, header: header, grid: grid, to: &values)
    }
  }

  /// The patches of files.
  ///
  /// - Throws: `ImageError` for the first file that cannot be used.
  public func patches(of files: [[UInt8]]) throws(ImageError) -> PatchBuffer {
    var buffer = PatchBuffer()
    try patches(of: files, into: &buffer)
    return buffer
  }

  /// The patches of a file, in memory of the caller's.
  ///
  /// - Parameters:
  ///   - file: A PNG or JPEG file.
  ///   - values: Memory for `rows` × `columns` of the grid × `patchLength` values; what is beyond stays
  ///     as it is. After an error the values have no meaning.
  /// - Returns: The grid.
  /// - Throws: `ImageError`; of kind `tooLarge` when the memory is too small.
  @discardableResult
  public func writePatches(
    of file: Span<UInt8>, to values: inout MutableSpan<Float>
  ) throws(ImageError) -> ImageGrid {
    let header = try ImageHeader(of: file, pixelLimit: decoding.pixelLimit)
    let grid = try grid(of: header)
    guard grid.rows * grid.columns * patchLength <= values.count else {
      throw ImageError(
        .tooLarge,
        "\(grid.rows * grid.columns) patches of \(patchLength) values do not fit into \(values.count)"
      )
    }
    try write(file, header: header, grid: grid, to: &values)
    return grid
  }

  private func write(
    _ file: Span<UInt8>, header: ImageHeader, grid: ImageGrid, to values: inout MutableSpan<Float>
  ) throws(ImageError) {
    let source = try RGBRows(file, header: header, options: decoding)
    var rows = ResizedRows(
      source, width: grid.width, height: grid.height, filter: .bicubic, resampler: resampler)
    let layout = PatchLayout(patchSize: size.patchSize, mergeSize: size.mergeSize, grid: grid)
    var band = RowStore(rowBytes: grid.width * 3, capacity: size.patchSize)
    for row in 0..<grid.rows {
      for line in 0..<size.patchSize {
        var memory = band.mutableRow(line)
        try rows.readRow(into: &memory)
      }
      PatchKernel.write(band, row: row, layout: layout, table: table, to: &values)
    }
    try rows.finish()
  }
}
