/// The merge rules: a pair of neighbouring tokens to the rank of its merge, and the rank to its token.
///
/// Three levels answer the question "does this pair merge, and how early": a direct table for two
/// single bytes, a bit filter that answers most of the other questions with "no", and open
/// addressing with one 64-bit word for each pair. Ranks are small integers, so that the least rank
/// and the leftmost place are the minimum of one word.
struct MergeTable: Sendable {
  /// Ranks must be smaller: a rank shares its word with the two ids of its pair.
  static let rankLimit = 1 << 20
  /// The rank of a pair that does not merge.
  static let none = UInt32.max

  /// A rule: left and right become `result`. Rules of one rank have one result.
  struct Rule: Sendable {
    var left: UInt32
    var right: UInt32
    var result: UInt32
    /// Rules of lower rank come first.
    var rank: UInt32
  }

  static let filterBits = 21

  /// Pair and rank in one word: `(left << 22 | right) + 1` above, the rank in the lower 20 bits.
  let slots: [UInt64]
  /// One bit for each hash that a pair has.
  let filter: [UInt64]
  /// The token of each byte.
  let byteIDs: [UInt32]
  /// The rank of two bytes, at `first << 8 | second`.
  let bytePairs: [UInt32]
  /// The token that each rank makes.
  let results: [UInt32]
  /// The token of rank 0 if each rank makes the token behind the one of the rank before.
  let firstResult: UInt32?
  /// The shift that takes a hash to its place in `slots`.
  let shift: UInt64

  /// A table of rules; of two rules for one pair the later one counts.
  init(_ rules: [Rule], byteIDs: [UInt32]) {
    var capacity = 1 << 10
    while capacity * 3 < rules.count * 5 { capacity *= 2 }
    let shift = UInt64(64 - capacity.trailingZeroBitCount)
    var slots = [UInt64].tableOfZeros(capacity)
    var filter = [UInt64](repeating: 0, count: 1 << (Self.filterBits - 6))
    let mask = capacity - 1
    for rule in rules {
      let key = Self.key(rule.left, rule.right)
      let hash = Self.hash(key)
      var index = Int(truncatingIfNeeded: hash &>> shift)
      while slots[index] != 0, slots[index] &>> 20 != key &+ 1 { index = (index &+ 1) & mask }
      slots[index] = (key &+ 1) &<< 20 | UInt64(rule.rank)
      let bit = Self.filterBit(hash)
      filter[bit &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: bit & 63)
    }
    self.byteIDs = byteIDs
    self.slots = slots
    self.filter = filter
    self.shift = shift
    // Never empty, so that it always has an address.
    var results = [UInt32](repeating: 0, count: Int(rules.map(\.rank).max() ?? 0) + 1)
    for rule in rules { results[Int(rule.rank)] = rule.result }
    self.results = results
    firstResult = Self.firstResult(results)
    bytePairs = Self.bytePairs(rules, byteIDs: byteIDs)
  }

  private static func firstResult(_ results: [UInt32]) -> UInt32? {
    guard let first = results.first else { return nil }
    for (rank, result) in results.enumerated() where result != first &+ UInt32(rank) { return nil }
    return first
  }

  private static func bytePairs(_ rules: [Rule], byteIDs: [UInt32]) -> [UInt32] {
    var table = [UInt32](repeating: none, count: 1 << 16)
    // The byte of each token that is one, by its id.
    let bound = byteIDs.lazy.filter { $0 != none }.max().map { Int($0) + 1 } ?? 0
    var bytes = [Int](repeating: -1, count: bound)
    for (byte, id) in byteIDs.enumerated() where id != none { bytes[Int(id)] = byte }
    for rule in rules where rule.left < bound && rule.right < bound {
      let left = bytes[Int(rule.left)]
      let right = bytes[Int(rule.right)]
      if left >= 0 && right >= 0 { table[left << 8 | right] = rule.rank }
    }
    return table
  }

  @inline(__always)
  static func key(_ left: UInt32, _ right: UInt32) -> UInt64 {
    UInt64(left) &<< 22 | UInt64(right)
  }

  @inline(__always)
  static func hash(_ key: UInt64) -> UInt64 {
    let product = key &* 0x9E37_79B9_7F4A_7C15
    return product ^ (product &>> 29)
  }

  @inline(__always)
  static func filterBit(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash) & ((1 &<< filterBits) &- 1)
  }
}
