internal import CZstd

/// The reader of Zstandard, with the state that it keeps at one address. Frames follow each other, and
/// skippable ones are passed over.
@safe final class ZstandardUnpackBuffer: Unpacker {
  private let stream: OpaquePointer
  private(set) var isBetweenMembers = false

  init?() {
    guard let stream = unsafe ZSTD_createDStream() else { return nil }
    unsafe self.stream = stream
  }

  deinit { unsafe ZSTD_freeDStream(stream) }

  func unpack(
    _ input: [UInt8], _ part: inout Range<Int>, into output: inout [UInt8], from start: Int
  ) throws(PackingFault) -> Int {
    guard output.indices.contains(start) else { return 0 }
    // Between two frames a call without bytes would begin a frame that does not come.
    if isBetweenMembers, part.isEmpty { return 0 }
    let range = part.clamped(to: input.indices)
    let stream = unsafe stream
    // The library gets the two arrays with their lengths and the places in them, and keeps neither
    // address after the call.
    let (taken, made, code) = unsafe input.withUnsafeBytes { source in
      unsafe output.withUnsafeMutableBytes { target in
        var from = unsafe ZSTD_inBuffer(
          src: source.baseAddress, size: range.upperBound, pos: range.lowerBound)
        var to = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: start)
        let code = unsafe ZSTD_decompressStream(stream, &to, &from)
        return unsafe (from.pos - range.lowerBound, to.pos - start, code)
      }
    }
    if ZSTD_isError(code) != 0 {
      throw PackingFault(reason: unsafe String(cString: ZSTD_getErrorName(code)))
    }
    part = part.lowerBound + taken..<part.upperBound
    isBetweenMembers = code == 0
    return made
  }
}
