internal import CTinkerShims
internal import TinkerData

/// The rows of a PNG or JPEG file as the C library delivers them, top to bottom.
///
/// The type owns the C object and frees it. The object keeps the address of the file's bytes, so a value
/// cannot outlive the span that it was made of.
@safe
struct FileRows: ~Copyable, ~Escapable {
  let width: Int
  let height: Int
  /// Samples of a pixel: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA or, in JPEG, CMYK as stored.
  let channels: Int
  /// Bytes of a sample: 2, high byte first, for 16-bit grey, otherwise 1.
  let sampleBytes: Int
  /// Whether the rows can only be had all at once.
  let isInterlaced: Bool
  /// The grey value or colour that the file marks as transparent, as the file writes it.
  let transparentKey: (Int, Int, Int)?

  private let format: ImageFormat
  private let reader: OpaquePointer
  private var nextRow = 0

  /// Bytes of a row.
  var rowBytes: Int { width * channels * sampleBytes }

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - header: What its header says; the C library must say the same.
  ///   - keepAlpha: Whether the alpha channel is delivered.
  /// - Throws: `ImageError` of the C library.
  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, header: ImageHeader, keepAlpha: Bool) throws(ImageError) {
    let opened =
      switch header.format {
      case .png: try unsafe Self.openPNG(bytes, keepAlpha: keepAlpha)
      case .jpeg: try unsafe Self.openJPEG(bytes)
      }
    guard unsafe opened.width == header.width, unsafe opened.height == header.height else {
      unsafe Self.close(opened.reader, header.format)
      throw ImageError(.corrupt, "the header gives two sizes")
    }
    format = header.format
    unsafe reader = opened.reader
    width = unsafe opened.width
    height = unsafe opened.height
    channels = unsafe opened.channels
    sampleBytes = unsafe opened.sampleBytes
    isInterlaced = unsafe opened.isInterlaced
    transparentKey = unsafe opened.transparentKey
  }

  deinit { unsafe Self.close(reader, format) }

  @unsafe
  private struct Opened {
    let reader: OpaquePointer
    let width: Int
    let height: Int
    let channels: Int
    var sampleBytes = 1
    var isInterlaced = false
    var transparentKey: (Int, Int, Int)?
  }

  private static func openPNG(_ bytes: Span<UInt8>, keepAlpha: Bool) throws(ImageError) -> Opened {
    var failure = tk_image_failure()
    var info = tk_png_info()
    let reader = unsafe bytes.withUnsafeBufferPointer { file in
      unsafe tk_png_open(file.baseAddress, file.count, keepAlpha, &info, &failure)
    }
    guard let reader = unsafe reader else { throw ImageError(failure) }
    return unsafe Opened(
      reader: reader, width: Int(info.width), height: Int(info.height),
      channels: Int(info.channels), sampleBytes: Int(info.sample_bytes),
      isInterlaced: info.interlaced,
      transparentKey: info.has_key ? (Int(info.key.0), Int(info.key.1), Int(info.key.2)) : nil)
  }

  private static func openJPEG(_ bytes: Span<UInt8>) throws(ImageError) -> Opened {
    var failure = tk_image_failure()
    var info = tk_jpeg_info()
    let reader = unsafe bytes.withUnsafeBufferPointer { file in
      unsafe tk_jpeg_open(file.baseAddress, file.count, &info, &failure)
    }
    guard let reader = unsafe reader else { throw ImageError(failure) }
    guard unsafe tk_jpeg_start(reader, &failure) else {
      unsafe tk_jpeg_close(reader)
      throw ImageError(failure)
    }
    return unsafe Opened(
      reader: reader, width: Int(info.width), height: Int(info.height), channels: Int(info.channels)
    )
  }

  private static func close(_ reader: OpaquePointer, _ format: ImageFormat) {
    switch format {
    case .png: unsafe tk_png_close(reader)
    case .jpeg: unsafe tk_jpeg_close(reader)
    }
  }

  /// Reads the next row into the beginning of memory of at least `rowBytes`.
  mutating func readRow(into row: inout MutableSpan<UInt8>) throws(ImageError) {
    precondition(nextRow < height && row.count >= rowBytes && !isInterlaced)
    var failure = tk_image_failure()
    let stride = row.count
    let done = unsafe row.withUnsafeMutableBufferPointer { memory in
      switch format {
      case .png: unsafe tk_png_read_rows(reader, memory.baseAddress, stride, 1, &failure)
      case .jpeg: unsafe tk_jpeg_read_rows(reader, memory.baseAddress, stride, 1, &failure)
      }
    }
    guard done else { throw ImageError(failure) }
    nextRow += 1
  }

  /// Reads all rows of an interlaced file into memory of `height` × `rowBytes`.
  mutating func readInterlaced(into rows: inout MutableSpan<UInt8>) throws(ImageError) {
    precondition(nextRow == 0 && rows.count >= height * rowBytes && isInterlaced)
    var failure = tk_image_failure()
    let stride = rowBytes
    let done = unsafe rows.withUnsafeMutableBufferPointer { memory in
      unsafe tk_png_read_interlaced(reader, memory.baseAddress, stride, &failure)
    }
    guard done else { throw ImageError(failure) }
    nextRow = height
  }

  /// Reads what is left of the file after the last row, to find damage there.
  mutating func finish() throws(ImageError) {
    precondition(nextRow == height)
    var failure = tk_image_failure()
    let done =
      switch format {
      case .png: unsafe tk_png_finish(reader, &failure)
      case .jpeg: unsafe tk_jpeg_finish(reader, &failure)
      }
    guard done else { throw ImageError(failure) }
  }
}

extension ImageError {
  /// The error of a C library, with its sentence and the place in the file.
  init(_ failure: tk_image_failure) {
    var text: [UInt8] = []
    unsafe withUnsafeBytes(of: failure.message) { message in
      for index in message.indices {
        let byte = unsafe message[index]
        if byte == 0 { break }
        text.append(byte)
      }
    }
    let kind: Kind =
      switch failure.kind {
      case TK_IMAGE_TRUNCATED: .truncated
      case TK_IMAGE_UNSUPPORTED: .unsupportedFormat
      case TK_IMAGE_OUT_OF_MEMORY: .tooLarge
      default: .corrupt
      }
    self.init(kind, "\(String(decoding: text, as: UTF8.self)) (byte \(failure.offset))")
  }
}
