/// Puts the bytes of many tokens one behind the other.
enum TokenCopyKernel {
  /// Most tokens are shorter, and so many bytes are copied at once, whatever the token.
  private static let stride = 16

  /// The bytes of the tokens that ids name; ids that name none, and those that are not wanted, have none.
  static func bytes(
    of ids: Span<UInt32>, _ vocabulary: borrowing VocabularyTable, isWanted: (UInt32) -> Bool
  ) -> [UInt8] {
    let places = vocabulary.places
    var total = 0
    for index in ids.indices where Int(ids[index]) < places.count {
      total += places[Int(ids[index])].length
    }
    let stored = vocabulary.bytes.span
    return unsafe stored.withUnsafeBytes { stored in
      // As many bytes as all tokens have, and a stride behind them.
      unsafe [UInt8](unsafeUninitializedCapacity: total + stride) { room, count in
        guard let source = stored.baseAddress,
          let target = UnsafeMutableRawPointer(room.baseAddress)
        else { return }
        for index in ids.indices {
          let id = ids[index]
          guard Int(id) < places.count, isWanted(id) else { continue }
          let place = places[Int(id)]
          if place.isAbsent { continue }
          let start = Int(place.start)
          if place.length <= stride, start &+ stride <= stored.count {
            let bytes = unsafe source.loadUnaligned(fromByteOffset: start, as: SIMD16<UInt8>.self)
            unsafe target.storeBytes(of: bytes, toByteOffset: count, as: SIMD16<UInt8>.self)
          } else {
            unsafe (target + count).copyMemory(from: source + start, byteCount: place.length)
          }
          count &+= place.length
        }
      }
    }
  }
}
