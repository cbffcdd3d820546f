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
  static let filterSize = 1 << (filterBits - 3)
  static let bytePairsSize = 4 << 16

  /// The slots, the filter, the direct table and the choices of ``MergeLanes``, one behind the other.
  ///
  /// A slot is a pair and its rank in one word: `(left << 22 | right) + 1` above, the rank in the lower 20
  /// bits. The filter has one bit for each hash that a pair has. The direct table has the rank of two
  /// bytes at `first << 8 | second`.
  let memory: TableMemory
  /// The number of slots, a power of two.
  let slotCount: Int
  /// The token of each byte.
  let byteIDs: [UInt32]
  /// The token that each rank makes.
  let results: [UInt32]
  /// What a rank and its token differ by, if that is the same for all.
  let firstResult: UInt32?
  /// Whether no two rules make the same token.
  let isOneForEachToken: Bool

  /// The shift that takes a hash to its place in the slots.
  var shift: UInt64 { UInt64(64 - slotCount.trailingZeroBitCount) }

  /// A table of rules; of two rules for one pair the later one counts.
  init(_ rules: [Rule], byteIDs: [UInt32]) {
    var slotCount = 1 << 10
    while slotCount * 3 < rules.count * 5 { slotCount *= 2 }
    self.slotCount = slotCount
    self.byteIDs = byteIDs
    memory = TableMemory(
      count: slotCount * 8 + Self.filterSize + Self.bytePairsSize + MergeLanes.choiceCount * 4)
    // Never empty, so that it always has an address.
    var results = [UInt32](repeating: 0, count: Int(rules.map(\.rank).max() ?? 0) + 1)
    for rule in rules { results[Int(rule.rank)] = rule.result }
    self.results = results
    let difference = (rules.first?.result ?? 0) &- (rules.first?.rank ?? 0)
    firstResult = rules.allSatisfy { $0.result &- $0.rank == difference } ? difference : nil
    isOneForEachToken = Self.isOneForEachToken(rules)
    fill(rules)
  }

  /// A table of rules, no two of which make the same token. The ranks may change, their order does not.
  init(renumbering rules: [Rule], byteIDs: [UInt32]) {
    var rules = rules.sorted { $0.rank < $1.rank }
    let first = rules.first?.result ?? 0
    let ascends = zip(rules, rules.dropFirst()).allSatisfy { $0.result < $1.result }
    let isNear = (rules.last?.result ?? 0) &- first < UInt32(Self.rankLimit)
    for index in rules.indices {
      // Where ids rise with the ranks, an id needs no table.
      rules[index].rank = ascends && isNear ? rules[index].result - first : UInt32(index)
    }
    self.init(rules, byteIDs: byteIDs)
  }

  private static func isOneForEachToken(_ rules: [Rule]) -> Bool {
    var seen = [Bool](repeating: false, count: Int(rules.map(\.result).max() ?? 0) + 1)
    for rule in rules {
      if seen[Int(rule.result)] { return false }
      seen[Int(rule.result)] = true
    }
    return true
  }

  /// The rank of a pair, or `nil`.
  func rank(_ left: UInt32, _ right: UInt32) -> UInt32? {
    let rank = unsafe withKernel { unsafe $0.rank(left, right) }
    return rank == Self.none ? nil : rank
  }

  private func fill(_ rules: [Rule]) {
    // The byte of each token that is one, by its id.
    let bound = byteIDs.lazy.filter { $0 != Self.none }.max().map { Int($0) + 1 } ?? 0
    var bytes = [Int](repeating: -1, count: bound)
    for (byte, id) in byteIDs.enumerated() where id != Self.none { bytes[Int(id)] = byte }
    let shift = shift
    let mask = slotCount - 1
    // Hashes and bytes are cut to the size of their tables.
    let slots = unsafe memory.pointer.assumingMemoryBound(to: UInt64.self)
    let filter = unsafe slots + slotCount
    let pairs = unsafe UnsafeMutableRawPointer(filter + Self.filterSize / 8)
      .assumingMemoryBound(to: UInt32.self)
    for index in 0..<1 << 16 { unsafe pairs[index] = Self.none }
    let choices = unsafe UnsafeMutableRawPointer(pairs + (1 << 16))
      .assumingMemoryBound(to: Int32.self)
    for index in 0..<MergeLanes.choiceCount {
      unsafe choices[index] = MergeLanes.choice(index)
    }
    for rule in rules {
      let key = Self.key(rule.left, rule.right)
      let hash = Self.hash(key)
      var index = Int(truncatingIfNeeded: hash &>> shift)
      while unsafe slots[index] != 0 && slots[index] &>> 20 != key &+ 1 {
        index = (index &+ 1) & mask
      }
      unsafe slots[index] = (key &+ 1) &<< 20 | UInt64(rule.rank)
      let bit = Self.filterBit(hash)
      unsafe filter[bit &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: bit & 63)
      guard rule.left < bound, rule.right < bound else { continue }
      let left = bytes[Int(rule.left)]
      let right = bytes[Int(rule.right)]
      if left >= 0 && right >= 0 { unsafe pairs[left << 8 | right] = rule.rank }
    }
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
