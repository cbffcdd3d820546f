internal import CTinkerShims
internal import TinkerData

/// A JPEG file being written by rows with the library's defaults: baseline, quality 75, 4:2:0.
///
/// The type owns the C object and frees it.
@safe
struct JPEGEncoder: ~Copyable {
  private let writer: OpaquePointer
  private let rowBytes: Int

  /// Begins a file of 1 (grey), 3 (RGB) or 4 channels (CMYK as the file shall store it); a comment is
  /// written if it is not empty.
  init(width: Int, height: Int, channels: Int, comment: [UInt8]) throws(ImageError) {
    guard width <= 65_500, height <= 65_500 else {
      throw ImageError(
        .tooLarge, "\(width) × \(height) pixels: a JPEG has at most 65500 on a side")
    }
    var failure = tk_image_failure()
    let opened = unsafe comment.withUnsafeBufferPointer { text in
      unsafe tk_jpeg_write_open(
        UInt32(width), UInt32(height), UInt8(channels), text.baseAddress, text.count, &failure)
    }
    guard let opened = unsafe opened else { throw ImageError(failure) }
    unsafe writer = opened
    rowBytes = width * channels
  }

  deinit { unsafe tk_jpeg_write_close(writer) }

  /// Writes the next row.
  mutating func writeRow(_ row: Span<UInt8>) throws(ImageError) {
    precondition(row.count >= rowBytes)
    var failure = tk_image_failure()
    let done = unsafe row.withUnsafeBufferPointer { memory in
      unsafe tk_jpeg_write_rows(writer, memory.baseAddress, memory.count, 1, &failure)
    }
    guard done else { throw ImageError(failure) }
  }

  /// Ends the file and returns it.
  consuming func finish() throws(ImageError) -> [UInt8] {
    var failure = tk_image_failure()
    var start: UnsafePointer<UInt8>?
    var count = 0
    guard unsafe tk_jpeg_write_finish(writer, &start, &count, &failure) else {
      throw ImageError(failure)
    }
    return unsafe Array(UnsafeBufferPointer(start: start, count: count))
  }
}
