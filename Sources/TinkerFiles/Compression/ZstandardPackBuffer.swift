internal import CZstd

/// The writer of Zstandard, with the state that it keeps at one address. It writes one frame at the
/// library's default level, with a checksum, as the program `zstd` does.
@safe final class ZstandardPackBuffer: Packer {
  private let context: OpaquePointer
  private var room = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())

  init?() {
    guard let context = unsafe ZSTD_createCCtx() else { return nil }
    unsafe self.context = context
    unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
  }

  deinit { unsafe ZSTD_freeCCtx(context) }

  func pack(
    _ input: borrowing Span<UInt8>, isLast: Bool, to output: inout [UInt8]
  ) throws(PackingFault) {
    var start = 0
    let context = unsafe context
    while true {
      // The library gets the span and the room with their lengths, and keeps neither address.
      let (position, made, left) = unsafe input.withUnsafeBytes { source in
        unsafe room.withUnsafeMutableBytes { target in
          var from = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: start)
          var to = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
          let left = unsafe ZSTD_compressStream2(
            context, &to, &from, isLast ? ZSTD_e_end : ZSTD_e_continue)
          return unsafe (from.pos, to.pos, left)
        }
      }
      if ZSTD_isError(left) != 0 {
        throw PackingFault(reason: unsafe String(cString: ZSTD_getErrorName(left)))
      }
      start = position
      output.append(contentsOf: room[..<made])
      if isLast ? left == 0 : start == input.count { return }
    }
  }
}
