/// What pieces of more than 15 bytes have merged to, for one encoder.
///
/// A slot holds the hash of a piece and the places of its bytes and of its ids in two arrays. Pieces
/// are compared byte by byte. When an array is full, everything is forgotten.
struct LongWordCache: Sendable {
  /// Longer pieces are not kept.
  static let lengthLimit = 1 << 9
  private static let smallestSlotCount = 1 << 10
  private static let largestSlotCount = 1 << 17
  private static let knowingSlotCount = 1 << 14
  private static let byteLimit = 1 << 23
  private static let idLimit = 1 << 21
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
  /// Whether every token of up to ``lengthLimit`` bytes that is the one id of its bytes is there: since
  /// the start, and nothing was forgotten.
  private(set) var knowsWords = false

  init() {}

  /// A cache that knows some words, and has room for a text of some size.
  init(_ known: WholeWords, of vocabulary: borrowing VocabularyTable) {
    slots = [Slot](repeating: Slot(), count: Self.knowingSlotCount)
    bytes.reserveCapacity(Self.knowingSlotCount * 32)
    self.ids.reserveCapacity(Self.knowingSlotCount * 8)
    knowsWords = true
    for id in known.longIDs {
      guard let place = vocabulary.place(of: id) else { continue }
      insert(vocabulary.bytes.span.extracting(place.range), [id].span)
    }
  }

  /// The hash by which a piece is kept.
  private func hash(of piece: Span<UInt8>) -> UInt64 { hash(piece, salt: 0) | 1 }

  /// Appends the ids of a piece if it is known.
  func append(idsFor piece: Span<UInt8>, to out: inout [UInt32]) -> Bool {
    if slots.isEmpty || piece.count > Self.lengthLimit { return false }
    let hash = hash(of: piece)
    let mask = slots.count &- 1
    var index = Int(truncatingIfNeeded: hash &>> 20) & mask
    for _ in 0..<Self.probeLimit {
      let slot = slots[index]
      if slot.hash == hash, isSame(slot, piece) {
        let start = Int(slot.ids)
        out.append(contentsOf: ids[start..<start + Int(slot.count)])
        return true
      }
      if slot.hash == 0 { return false }
      index = (index &+ 1) & mask
    }
    return false
  }

  private func isSame(_ slot: Slot, _ piece: Span<UInt8>) -> Bool {
    let length = piece.count
    guard Int(slot.length) == length else { return false }
    return unsafe bytes.withUnsafeBytes { stored in
      unsafe piece.withUnsafeBytes { piece in
        // A slot's bytes lie in the array. Pieces have more than 15 bytes.
        let stored = unsafe stored.baseAddress.unsafelyUnwrapped + Int(slot.text)
        let piece = unsafe piece.baseAddress.unsafelyUnwrapped
        var index = 0
        var difference: UInt64 = 0
        while index < length {
          // The last eight bytes may overlap those before.
          let place = min(index, length &- 8)
          difference |=
            unsafe stored.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            ^ piece.loadUnaligned(fromByteOffset: place, as: UInt64.self)
          index &+= 8
        }
        return difference == 0
      }
    }
  }

  /// Keeps the ids of a piece.
  mutating func insert(_ piece: Span<UInt8>, _ tokens: Span<UInt32>) {
    if piece.count > Self.lengthLimit || tokens.isEmpty { return }
    let isFull = slots.count == Self.largestSlotCount && used * 4 > slots.count * 3
    if isFull || bytes.count + piece.count > Self.byteLimit
      || ids.count + tokens.count > Self.idLimit
    {
      slots = []
      used = 0
      knowsWords = false
      bytes.removeAll(keepingCapacity: true)
      ids.removeAll(keepingCapacity: true)
    }
    if used * 4 >= slots.count * 3 { grow() }
    let mask = slots.count - 1
    let hash = hash(of: piece)
    var index = Int(truncatingIfNeeded: hash &>> 20) & mask
    for _ in 0..<Self.probeLimit {
      if slots[index].hash == 0 {
        slots[index] = Slot(
          hash: hash, text: UInt32(truncatingIfNeeded: bytes.count),
          ids: UInt32(truncatingIfNeeded: ids.count), length: UInt16(piece.count),
          count: UInt16(tokens.count))
        used += 1
        unsafe piece.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
        unsafe tokens.withUnsafeBufferPointer { unsafe ids.append(contentsOf: $0) }
        return
      }
      index = (index + 1) & mask
    }
    knowsWords = false
  }

  private mutating func grow() {
    let old = slots
    let count = old.isEmpty ? Self.smallestSlotCount : old.count * 2
    slots = [Slot](repeating: Slot(), count: count)
    used = 0
    for slot in old where slot.hash != 0 {
      var index = Int(truncatingIfNeeded: slot.hash &>> 20) & (count - 1)
      let before = used
      for _ in 0..<Self.probeLimit {
        if slots[index].hash == 0 {
          slots[index] = slot
          used += 1
          break
        }
        index = (index + 1) & (count - 1)
      }
      if used == before { knowsWords = false }
    }
  }
}
