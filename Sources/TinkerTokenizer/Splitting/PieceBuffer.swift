/// The pieces of one text, in memory that is used again for the next text.
///
/// Most splits leave nothing out; then each piece begins where the one before it ended, and only the
/// ends are kept.
package struct PieceBuffer: Sendable {
  /// The end of every piece, and room for more.
  private var ends: [UInt32] = []
  /// The start of every piece if some text was left out; empty otherwise.
  private var starts: [UInt32] = []
  /// The number of pieces.
  package private(set) var count = 0

  package init() {}

  /// Whether every piece begins where the one before it ended, the first at 0.
  package var isContiguous: Bool { starts.isEmpty }

  /// The byte offset behind each piece; `count` values.
  package var pieceEnds: Span<UInt32> {
    @_lifetime(borrow self)
    get { ends.span.extracting(first: count) }
  }

  /// The byte range of a piece. `index` must be below ``count``.
  package subscript(index: Int) -> Range<Int> {
    let end = Int(ends[index])
    if !starts.isEmpty { return Int(starts[index])..<end }
    return (index == 0 ? 0 : Int(ends[index - 1]))..<end
  }

  mutating func removeAll() {
    count = 0
    starts.removeAll(keepingCapacity: true)
  }

  /// Takes a piece that begins where the one before it ended.
  @inline(__always)
  mutating func append(end: Int) {
    if count == ends.count { grow() }
    ends[count] = UInt32(truncatingIfNeeded: end)
    count += 1
  }

  /// Takes the pieces that end where the next ones begin: at an offset plus the place of each bit.
  ///
  /// Eight are written at once, however many there are, so that their number costs few branches.
  @inline(__always)
  mutating func append(starts bits: UInt64, at offset: Int) {
    // 64 pieces, and as many words as are written behind the last one.
    if ends.count - count < 64 + 16 { grow() }
    let found = bits.nonzeroBitCount
    let base = UInt32(truncatingIfNeeded: offset)
    let place = count
    unsafe ends.withUnsafeMutableBufferPointer { ends in
      // The array is not empty, and has room as said above.
      let room = unsafe ends.baseAddress.unsafelyUnwrapped + place
      var rest = unsafe Self.write(bits, base, to: room)
      rest = unsafe Self.write(rest, base, to: room + 8)
      var written = 16
      while written < found {
        rest = unsafe Self.write(rest, base, to: room + written)
        written &+= 8
      }
    }
    count += found
  }

  /// Writes eight places, and returns the bits that are left.
  @inline(__always)
  private static func write(
    _ bits: UInt64, _ base: UInt32, to room: UnsafeMutablePointer<UInt32>
  ) -> UInt64 {
    var rest = bits
    for index in 0..<8 {
      unsafe room[index] = base &+ UInt32(truncatingIfNeeded: rest.trailingZeroBitCount)
      rest &= rest &- 1
    }
    return rest
  }

  @inline(never)
  private mutating func grow() {
    ends.append(contentsOf: repeatElement(0, count: max(256, ends.count)))
  }

  /// Takes pieces in ascending order.
  mutating func set(_ pieces: [Range<Int>]) {
    removeAll()
    var end = 0
    var isContiguous = true
    for piece in pieces {
      isContiguous = isContiguous && piece.lowerBound == end
      end = piece.upperBound
      append(end: end)
    }
    if !isContiguous { starts.append(contentsOf: pieces.lazy.map { UInt32($0.lowerBound) }) }
  }
}
