/// What pieces of text have merged to, for one encoder. It is bounded, and forgets everything when it
/// is full.
///
/// A piece of at most 15 bytes is its own key: 16 bytes, zeros behind the piece, the length in the
/// last one. A slot takes 32 bytes, two to a line of the processor's cache. Up to three ids lie in
/// the slot, more of them in a common array.
struct WordCache: Sendable {
  /// A piece of at most 15 bytes, with its length.
  struct Key {
    var low: UInt64
    var high: UInt64

    @inline(__always)
    var hash: UInt64 { ByteHash.mix(low, high) }
  }

  /// A piece and its ids. `high` is 0 in a free slot, because no piece is empty.
  struct Slot: Sendable {
    var low: UInt64 = 0
    var high: UInt64 = 0
    /// Up to three ids, or the place of the ids in the common array; the count in the last lane.
    var ids = SIMD4<UInt32>(repeating: 0)
  }

  /// The longest piece that is kept.
  static let keyLimit = 15
  private static let smallestCapacity = 1 << 12
  private static let largestCapacity = 1 << 19
  /// Longer searches give up: the piece is merged again, whatever a text does to the hashes.
  private static let probeLimit = 64
  private static let overflowLimit = 1 << 21

  private let seed: UInt64
  private var slots: [Slot]
  private var used = 0
  private var overflow: [UInt32] = []

  init() {
    seed = UInt64.random(in: .min ... .max)
    slots = [Slot](repeating: Slot(), count: Self.smallestCapacity)
  }

  /// Appends the ids of a piece if it is known.
  @inline(__always)
  func append(idsFor key: Key, to ids: inout [UInt32]) -> Bool {
    let mask = slots.count &- 1
    var index = Int(truncatingIfNeeded: key.hash ^ seed) & mask & ~1
    for _ in 0..<Self.probeLimit {
      let slot = slots[index]
      if slot.low == key.low && slot.high == key.high {
        let count = Int(slot.ids.w)
        if count <= 3 {
          ids.append(slot.ids.x)
          if count > 1 { ids.append(slot.ids.y) }
          if count > 2 { ids.append(slot.ids.z) }
        } else {
          let start = Int(slot.ids.x)
          ids.append(contentsOf: overflow[start..<start + count])
        }
        return true
      }
      if slot.high == 0 { return false }
      index = (index &+ 1) & mask
    }
    return false
  }

  /// Keeps the ids of a piece.
  mutating func insert(_ key: Key, _ ids: ArraySlice<UInt32>) {
    if ids.isEmpty { return }
    if used * 4 >= slots.count * 3 || overflow.count + ids.count > Self.overflowLimit { grow() }
    var packed = SIMD4<UInt32>(0, 0, 0, UInt32(truncatingIfNeeded: ids.count))
    if ids.count <= 3 {
      for (lane, id) in ids.enumerated() { packed[lane] = id }
    } else {
      packed.x = UInt32(truncatingIfNeeded: overflow.count)
      overflow.append(contentsOf: ids)
    }
    place(Slot(low: key.low, high: key.high, ids: packed))
  }

  private mutating func place(_ slot: Slot) {
    let mask = slots.count - 1
    let hash = Key(low: slot.low, high: slot.high).hash
    var index = Int(truncatingIfNeeded: hash ^ seed) & mask & ~1
    for _ in 0..<Self.probeLimit {
      if slots[index].high == 0 {
        slots[index] = slot
        used += 1
        return
      }
      index = (index + 1) & mask
    }
  }

  private mutating func grow() {
    let old = slots
    used = 0
    if old.count == Self.largestCapacity || overflow.count > Self.overflowLimit / 2 {
      overflow.removeAll(keepingCapacity: true)
      slots = [Slot](repeating: Slot(), count: old.count)
      return
    }
    slots = [Slot](repeating: Slot(), count: old.count * 2)
    for slot in old where slot.high != 0 { place(slot) }
  }
}
