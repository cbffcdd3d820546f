internal import CZlib

/// zlib's reader of gzip, with the state that it keeps at one address.
@safe final class InflateBuffer: Unpacker {
  /// 32 KiB of window, and 16 for the format of gzip alone.
  private static let window: Int32 = 15 + 16

  private let stream: UnsafeMutablePointer<z_stream>
  /// Whether a member has ended and the next has not begun.
  private(set) var isBetweenMembers = false

  init?() {
    unsafe stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: unsafe z_stream())
    let size = Int32(unsafe MemoryLayout<z_stream>.size)
    guard unsafe inflateInit2_(stream, Self.window, ZLIB_VERSION, size) == Z_OK else {
      unsafe stream.deallocate()
      return nil
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  func unpack(
    _ input: [UInt8], _ part: inout Range<Int>, into output: inout [UInt8], from start: Int
  ) throws(PackingFault) -> Int {
    if isBetweenMembers, !(try beginNextMember(input, &part)) { return 0 }
    let (taken, made, code) = step(
      input, part.clamped(to: input.indices), into: &output, from: start)
    part = part.lowerBound + taken..<part.upperBound
    switch code {
    case Z_STREAM_END: isBetweenMembers = true
    // No progress without more room or more bytes; the caller brings them.
    case Z_OK, Z_BUF_ERROR: break
    case Z_NEED_DICT: throw PackingFault(reason: "it needs a dictionary")
    default:
      throw PackingFault(
        reason: unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "error \(code)")
    }
    return made
  }

  /// Members follow each other; zeros between them, which archives on tapes are filled up with, say
  /// nothing.
  private func beginNextMember(
    _ input: [UInt8], _ part: inout Range<Int>
  ) throws(PackingFault) -> Bool {
    guard let first = part.first(where: { input[$0] != 0 }) else {
      part = part.upperBound..<part.upperBound
      return false
    }
    part = first..<part.upperBound
    guard unsafe inflateReset(stream) == Z_OK else { throw PackingFault(reason: "it cannot go on") }
    isBetweenMembers = false
    return true
  }

  /// One call of the library. It gets the parts of the two arrays and their lengths, and keeps no
  /// address after the call.
  private func step(
    _ input: [UInt8], _ part: Range<Int>, into output: inout [UInt8], from start: Int
  ) -> (taken: Int, made: Int, code: Int32) {
    guard output.indices.contains(start) else { return (0, 0, Z_BUF_ERROR) }
    let room = min(output.count - start, Int(UInt32.max))
    let given = min(part.count, Int(UInt32.max))
    let stream = unsafe stream
    return unsafe input.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe stream.pointee.next_in = source.baseAddress.map {
          unsafe UnsafeMutablePointer(mutating: $0 + part.lowerBound)
        }
        unsafe stream.pointee.avail_in = UInt32(given)
        unsafe stream.pointee.next_out = target.baseAddress.map { unsafe $0 + start }
        unsafe stream.pointee.avail_out = UInt32(room)
        let code = unsafe inflate(stream, Z_NO_FLUSH)
        defer {
          unsafe stream.pointee.next_in = nil
          unsafe stream.pointee.next_out = nil
        }
        return unsafe (
          given - Int(stream.pointee.avail_in), room - Int(stream.pointee.avail_out), code
        )
      }
    }
  }
}
