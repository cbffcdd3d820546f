/// What pieces of text have merged to, for one encoder. It is bounded, and forgets everything when it
/// is full.
///
/// A piece of at most 15 bytes is its own key: 16 bytes, zeros behind the piece, the length in the
/// last one. A slot takes 32 bytes, and two slots share a line of the processor's cache, so that a
/// search compares both at once. Up to three ids lie in the slot, more of them in a common array.
struct WordCache: ~Copyable, Sendable {
  /// A piece of at most 15 bytes, with its length; longer ones have a length that no slot has.
  struct Key: Sendable {
    /// The longest piece that is kept.
    static let limit = 15

    var low: UInt64
    var high: UInt64

    @inline(__always)
    init(low: UInt64, high: UInt64) {
      self.low = low
      self.high = high
    }

    /// The key of a piece of at most 15 bytes.
    init(_ piece: Span<UInt8>) {
      low = 0
      high = UInt64(truncatingIfNeeded: piece.count) << 56
      for index in piece.indices {
        let byte = UInt64(piece[index]) << UInt64(truncatingIfNeeded: (index & 7) &* 8)
        if index < 8 { low |= byte } else { high |= byte }
      }
    }

    /// The number of bytes of the piece; 16 stands for all that are longer.
    var length: Int { Int(truncatingIfNeeded: high &>> 56) }
  }

  private static let smallestLineCount = 1 << 11
  private static let largestLineCount = 1 << 18
  /// Insertions look no farther; what finds no place is merged again the next time.
  private static let probeLimit = 8
  private static let overflowLimit = 1 << 21

  private let seed: UInt64
  private var table: WordTable
  private var used = 0
  private var overflow: [UInt32] = []
  /// Whether every token of up to 15 bytes that is the one id of its bytes is there: since the start, and
  /// nothing was forgotten.
  private(set) var knowsWords = false

  init() { self.init(roomFor: 0) }

  /// A cache with room for some words and as many more: at less than a third of its slots taken, nearly
  /// every word lies in its own line.
  init(roomFor count: Int) {
    seed = UInt64.random(in: .min ... .max)
    var lineCount = Self.smallestLineCount
    while lineCount < 2 * count, lineCount < Self.largestLineCount { lineCount *= 2 }
    table = WordTable(lineCount: lineCount, seed: seed)
  }

  /// Changes when the table becomes another one, with other lines.
  var lineCount: Int { table.lineCount }

  @unsafe
  @inline(__always)
  var lines: WordTable.Lines { unsafe table.lines }

  var memory: TableMemory { table.memory }

  /// Copies the ids of known pieces to a buffer, and stops before the first piece that is not known,
  /// that has more than three ids, or that lies far from its place.
  ///
  /// - Returns: the index of the piece behind the last one copied, and the number of ids.
  @inline(__always)
  func copyHits(
    _ batch: borrowing PieceBatch, from first: Int, into ids: inout [UInt32]
  ) -> (next: Int, count: Int) {
    table.copyHits(batch, from: first, into: &ids)
  }

  /// Appends the ids of a piece if it is known, however many they are.
  func append(idsFor key: Key, to ids: inout [UInt32]) -> Bool {
    guard let slot = table.find(key, probes: Self.probeLimit) else { return false }
    let count = Int(slot.w)
    if count <= 3 {
      for lane in 0..<count { ids.append(slot[lane]) }
    } else {
      let start = Int(slot.x)
      ids.append(contentsOf: overflow[start..<start + count])
    }
    return true
  }

  /// Keeps the ids of a piece.
  mutating func insert(_ key: Key, _ ids: Span<UInt32>) {
    if ids.isEmpty { return }
    // First, because a full cache forgets the common array as well.
    makeRoom(forOverflow: ids.count)
    var packed = SIMD4<UInt32>(0, 0, 0, UInt32(truncatingIfNeeded: ids.count))
    if ids.count <= 3 {
      for lane in ids.indices { packed[lane] = ids[lane] }
    } else {
      packed.x = UInt32(truncatingIfNeeded: overflow.count)
      for index in ids.indices { overflow.append(ids[index]) }
    }
    enter(key, packed)
  }

  /// Keeps words that are one token each, the one of an id.
  mutating func insert(_ words: WholeWords, of vocabulary: borrowing VocabularyTable) {
    knowsWords = true
    for id in words.ids {
      guard let place = vocabulary.place(of: id) else { continue }
      makeRoom(forOverflow: 0)
      enter(Key(vocabulary.bytes.span.extracting(place.range)), SIMD4(id, 0, 0, 1))
    }
  }

  private mutating func enter(_ key: Key, _ slot: SIMD4<UInt32>) {
    let (isNew, isThere) = table.insert(key, slot, probes: Self.probeLimit)
    if isNew { used += 1 }
    if !isThere && slot.w == 1 { knowsWords = false }
  }

  private mutating func makeRoom(forOverflow count: Int) {
    // The fuller a line, the more words lie behind it, where the fast loop does not look.
    let limit = table.lineCount == Self.largestLineCount ? 5 : 3
    if used * 8 >= table.slotCount * limit || overflow.count + count > Self.overflowLimit { grow() }
  }

  private mutating func grow() {
    used = 0
    if table.lineCount == Self.largestLineCount || overflow.count > Self.overflowLimit / 2 {
      overflow.removeAll(keepingCapacity: true)
      table = WordTable(lineCount: table.lineCount, seed: seed)
      knowsWords = false
      return
    }
    var larger = WordTable(lineCount: table.lineCount * 2, seed: seed)
    table.forEach { key, ids in
      let (isNew, isThere) = larger.insert(key, ids, probes: Self.probeLimit)
      if isNew { used += 1 }
      if !isThere { knowsWords = false }
    }
    table = larger
  }
}
