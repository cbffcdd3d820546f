/// What pieces of more than 15 bytes have merged to, for one encoder.
///
/// A slot holds the hash of a piece and the places of its bytes and of its ids in two arrays. Pieces
/// are compared byte by byte. When an array is full, everything is forgotten.
struct LongWordCache: Sendable {
  /// Longer pieces are not kept.
  static let lengthLimit = 1 << 9
  private static let slotCount = 1 << 15
  private static let byteLimit = 1 << 21
  private static let idLimit = 1 << 20
  private static let probeLimit = 16

  private struct Slot: Sendable {
    /// 0 in a free slot.
    var hash: UInt64 = 0
    var text: UInt32 = 0
    var ids: UInt32 = 0
    var length: UInt16 = 0
    var count: UInt16 = 0
  }

  private let hash = ByteHash.random()
  /// Empty until the first piece comes.
  private var slots: [Slot] = []
  private var used = 0
  private var bytes: [UInt8] = []
  private var ids: [UInt32] = []

  /// The hash by which a piece is kept.
  func hash(of piece: Span<UInt8>) -> UInt64 { hash(piece, salt: 0) | 1 }

  /// Appends the ids of a piece if it is known.
  func append(idsFor piece: Span<UInt8>, _ hash: UInt64, to out: inout [UInt32]) -> Bool {
    if slots.isEmpty { return false }
    var index = Int(truncatingIfNeeded: hash &>> 20) & (Self.slotCount &- 1)
    for _ in 0..<Self.probeLimit {
      let slot = slots[index]
      if slot.hash == hash, isSame(slot, piece) {
        let start = Int(slot.ids)
        out.append(contentsOf: ids[start..<start + Int(slot.count)])
        return true
      }
      if slot.hash == 0 { return false }
      index = (index &+ 1) & (Self.slotCount &- 1)
    }
    return false
  }

  private func isSame(_ slot: Slot, _ piece: Span<UInt8>) -> Bool {
    guard Int(slot.length) == piece.count else { return false }
    let stored = bytes.span
    let start = Int(slot.text)
    for index in piece.indices where stored[start &+ index] != piece[index] { return false }
    return true
  }

  /// Keeps the ids of a piece.
  mutating func insert(_ piece: Span<UInt8>, _ hash: UInt64, _ tokens: ArraySlice<UInt32>) {
    if piece.count > Self.lengthLimit || tokens.isEmpty { return }
    if slots.isEmpty || used * 4 > Self.slotCount * 3
      || bytes.count + piece.count > Self.byteLimit || ids.count + tokens.count > Self.idLimit
    {
      slots = [Slot](repeating: Slot(), count: Self.slotCount)
      used = 0
      bytes.removeAll(keepingCapacity: true)
      ids.removeAll(keepingCapacity: true)
    }
    var index = Int(truncatingIfNeeded: hash &>> 20) & (Self.slotCount - 1)
    for _ in 0..<Self.probeLimit {
      if slots[index].hash == 0 {
        slots[index] = Slot(
          hash: hash, text: UInt32(truncatingIfNeeded: bytes.count),
          ids: UInt32(truncatingIfNeeded: ids.count), length: UInt16(piece.count),
          count: UInt16(tokens.count))
        used += 1
        for place in piece.indices { bytes.append(piece[place]) }
        ids.append(contentsOf: tokens)
        return
      }
      index = (index + 1) & (Self.slotCount - 1)
    }
  }
}
