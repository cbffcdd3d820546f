/// The scratch memory of a ``Merger``: five lists with an element for each symbol of the piece, and
/// the lanes of the shorter ways, all in one array.
struct MergeBuffer: ~Copyable, Sendable {
  /// The number of lanes: those of 256 symbols, and one block that nobody looks at.
  static let laneCount = 17 * 16
  private static let leastCapacity = 256
  /// Memory for more symbols than this is given back before the next shorter piece.
  private static let keptCapacity = 1 << 16

  /// Never empty: whoever writes through the address of an empty array writes over the runtime.
  private var words = MergeBuffer.memory(for: leastCapacity)
  private var capacity = leastCapacity

  private static func memory(for capacity: Int) -> [UInt32] {
    [UInt32](repeating: 0, count: laneCount + 5 * capacity)
  }

  /// The memory of one piece as pointers. Each list has room for the symbols of the piece.
  @unsafe
  struct Pointers {
    /// The symbols of the piece, and its tokens at the end.
    let symbols: UnsafeMutablePointer<UInt32>
    /// The first symbol of each token.
    let starts: UnsafeMutablePointer<UInt32>
    /// The rank of each symbol with the one behind it. At the end, in the first one, the place of the
    /// symbol that the last merge took.
    let ranks: UnsafeMutablePointer<UInt32>
    /// For each symbol the one behind it.
    let next: UnsafeMutablePointer<UInt32>
    /// For each symbol the one before it.
    let previous: UnsafeMutablePointer<UInt32>
    /// Rank and place in one word, in blocks of 16.
    let lanes: UnsafeMutablePointer<UInt32>

    fileprivate init(_ base: UnsafeMutablePointer<UInt32>, _ capacity: Int) {
      unsafe lanes = base
      unsafe symbols = base + MergeBuffer.laneCount
      unsafe starts = symbols + capacity
      unsafe ranks = starts + capacity
      unsafe next = ranks + capacity
      unsafe previous = next + capacity
    }
  }

  /// Makes room for a piece.
  mutating func prepare(_ count: Int) {
    let isKept = capacity <= Self.keptCapacity || count > Self.keptCapacity
    if count <= capacity && isKept { return }
    capacity = max(count, Self.leastCapacity)
    words = Self.memory(for: capacity)
  }

  /// Runs a body with the memory of a piece; ``prepare(_:)`` must have made room for it.
  @inline(__always)
  mutating func withPointers<Result>(_ body: (Pointers) -> Result) -> Result {
    let capacity = capacity
    return unsafe words.withUnsafeMutableBufferPointer { words in
      unsafe body(Pointers(words.baseAddress.unsafelyUnwrapped, capacity))
    }
  }

  /// The first symbol of a token of the last piece.
  func start(of token: Int) -> Int { Int(words[Self.laneCount + capacity + token]) }

  /// What a kernel left in the first rank: the place of the symbol that was taken last.
  var lastMiddle: Int { Int(words[Self.laneCount + 2 * capacity]) }

  /// The first tokens of the last piece.
  func tokens(_ count: Int) -> ArraySlice<UInt32> {
    if count == 0 { return [] }
    return words[Self.laneCount..<Self.laneCount + count]
  }
}

extension MergeBuffer.Pointers {
  /// Takes the bytes of a piece, with the ranks of their pairs. The last symbol has no pair.
  @inline(__always)
  func fill(_ bytes: Span<UInt8>, _ kernel: MergeKernel) {
    let count = bytes.count
    if count == 0 { return }
    var last = bytes[0]
    unsafe symbols[0] = unsafe kernel.id(of: last)
    for index in 1..<count {
      let byte = bytes[index]
      unsafe symbols[index] = unsafe kernel.id(of: byte)
      unsafe ranks[index &- 1] = unsafe kernel.rank(bytes: last, byte)
      last = byte
    }
    unsafe ranks[count &- 1] = MergeTable.none
  }

  /// Takes symbols, with the ranks of their pairs.
  func fill(_ ids: Span<UInt32>, _ kernel: MergeKernel) {
    let count = ids.count
    if count == 0 { return }
    for index in 0..<count { unsafe symbols[index] = ids[index] }
    for index in 1..<count {
      unsafe ranks[index &- 1] = unsafe kernel.rank(ids[index &- 1], ids[index])
    }
    unsafe ranks[count &- 1] = MergeTable.none
  }
}
