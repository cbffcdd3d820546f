internal import CZlib

/// zlib's writer of gzip, with the state that it keeps at one address. It writes one member without
/// name and time, so that the same bytes give the same file.
@safe final class DeflateBuffer: Packer {
  /// 32 KiB of window, and 16 for the format of gzip.
  private static let window: Int32 = 15 + 16
  /// The level of gzip itself.
  private static let level: Int32 = 6
  private static let memoryLevel: Int32 = 8
  private static let roomAtOnce = 1 << 16

  private let stream: UnsafeMutablePointer<z_stream>
  private var room = [UInt8](repeating: 0, count: roomAtOnce)

  init?() {
    unsafe stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: unsafe z_stream())
    let size = Int32(unsafe MemoryLayout<z_stream>.size)
    let code = unsafe deflateInit2_(
      stream, Self.level, Z_DEFLATED, Self.window, Self.memoryLevel, Z_DEFAULT_STRATEGY,
      ZLIB_VERSION, size)
    guard code == Z_OK else {
      unsafe stream.deallocate()
      return nil
    }
  }

  deinit {
    unsafe deflateEnd(stream)
    unsafe stream.deallocate()
  }

  func pack(
    _ input: borrowing Span<UInt8>, isLast: Bool, to output: inout [UInt8]
  ) throws(PackingFault) {
    var start = 0
    while true {
      let (taken, made, code) = step(input, from: start, isLast: isLast)
      start += taken
      output.append(contentsOf: room[..<made])
      guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
        throw PackingFault(reason: "zlib's error \(code)")
      }
      if isLast ? code == Z_STREAM_END : start == input.count && made < room.count { return }
    }
  }

  /// One call of the library. It gets the rest of the span and all of the room, with their lengths,
  /// and keeps no address after the call.
  private func step(
    _ input: borrowing Span<UInt8>, from start: Int, isLast: Bool
  ) -> (taken: Int, made: Int, code: Int32) {
    let given = min(input.count - start, Int(UInt32.max))
    let stream = unsafe stream
    let isWhole = isLast && given == input.count - start
    return unsafe input.withUnsafeBufferPointer { source in
      unsafe room.withUnsafeMutableBufferPointer { target in
        unsafe stream.pointee.next_in = source.baseAddress.map {
          unsafe UnsafeMutablePointer(mutating: $0 + start)
        }
        unsafe stream.pointee.avail_in = UInt32(given)
        unsafe stream.pointee.next_out = target.baseAddress
        unsafe stream.pointee.avail_out = UInt32(target.count)
        let code = unsafe deflate(stream, isWhole ? Z_FINISH : Z_NO_FLUSH)
        defer {
          unsafe stream.pointee.next_in = nil
          unsafe stream.pointee.next_out = nil
        }
        return unsafe (
          given - Int(stream.pointee.avail_in), target.count - Int(stream.pointee.avail_out), code
        )
      }
    }
  }
}
