/// Where two renderings of one conversation differ.
public struct ExampleDiff: Sendable {
  /// The kinds of differences, from what is deepest.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Only one side renders the conversation.
    case refused
    /// The sides make different numbers of examples of it.
    case count
    /// The caller's text differs: something is trimmed, dropped or rewritten.
    case content
    /// The template's text differs.
    case framing
    /// One side ends earlier, and all before is equal.
    case ending
    /// The text is the same, and the tokens are not.
    case tokenization
    /// The tokens are the same, and the weights are not.
    case weights
  }

  /// A stretch that differs, as positions of either side; one of them may be empty.
  public struct Hunk: Sendable, Hashable {
    /// The tokens of the left side.
    public let left: Range<Int>
    /// The tokens of the right side.
    public let right: Range<Int>
  }

  /// What differs.
  public let kind: Kind
  /// The tokens of the left side.
  public let left: [DiffToken]
  /// The tokens of the right side.
  public let right: [DiffToken]
  /// The stretches that differ, in order.
  public let hunks: [Hunk]

  /// The position of the first differing token, which is the same on both sides.
  public var position: Int { hunks.first?.left.lowerBound ?? 0 }

  /// Compares two sides; `nil` if they are equal.
  ///
  /// - Parameters:
  ///   - left: The tokens of one side.
  ///   - right: The tokens of the other.
  ///   - comparesIDs: Whether ids must be equal; with two tokenizers only the text of tokens is.
  public init?(_ left: [DiffToken], _ right: [DiffToken], comparesIDs: Bool = true) {
    func isSame(_ a: DiffToken, _ b: DiffToken) -> Bool {
      a.bytes == b.bytes && (a.id == nil) == (b.id == nil) && (!comparesIDs || a.id == b.id)
    }
    self.left = left
    self.right = right
    if left.count == right.count, zip(left, right).allSatisfy({ isSame($0, $1) }) {
      hunks = Self.weightHunks(left, right)
      kind = .weights
      if hunks.isEmpty { return nil }
      return
    }
    hunks = TokenAlignment.hunks(left, right, isSame: isSame)
    let prefix = hunks.first?.left.lowerBound ?? 0
    if left.lazy.flatMap(\.bytes).elementsEqual(right.lazy.flatMap(\.bytes)) {
      kind = .tokenization
    } else if prefix == left.count || prefix == right.count {
      kind = .ending
    } else {
      let isContent = hunks.first.map { hunk in
        left[hunk.left].contains(where: \.isContent)
          || right[hunk.right].contains(where: \.isContent)
      }
      kind = isContent == true ? .content : .framing
    }
  }

  private static func weightHunks(_ left: [DiffToken], _ right: [DiffToken]) -> [Hunk] {
    var out: [Hunk] = []
    var start: Int?
    for index in 0...left.count {
      let differs = index < left.count && left[index].weight != right[index].weight
      if differs, start == nil { start = index }
      if !differs, let begun = start {
        out.append(Hunk(left: begun..<index, right: begun..<index))
        start = nil
      }
    }
    return out
  }

  /// The message in which the sides first differ, where a side knows it.
  public var message: Int? {
    let left = self.left.indices.contains(position) ? self.left[position].message : nil
    let right = self.right.indices.contains(position) ? self.right[position].message : nil
    return left ?? right
  }
}

/// Finds which tokens of two sequences belong together.
enum TokenAlignment {
  /// Larger differences are one stretch.
  private static let tableLimit = 1 << 20

  static func hunks(
    _ left: [DiffToken], _ right: [DiffToken], isSame: (DiffToken, DiffToken) -> Bool
  ) -> [ExampleDiff.Hunk] {
    let prefix = zip(left, right).prefix { isSame($0, $1) }.count
    let most = min(left.count, right.count) - prefix
    let suffix = zip(left.reversed(), right.reversed()).prefix(most).prefix { isSame($0, $1) }.count
    let a = prefix..<left.count - suffix
    let b = prefix..<right.count - suffix
    if a.isEmpty || b.isEmpty || a.count * b.count > tableLimit {
      return [ExampleDiff.Hunk(left: a, right: b)]
    }
    return middle(left, a, right, b, isSame: isSame)
  }

  /// The longest common subsequence of what is left, read as stretches between its members.
  private static func middle(
    _ left: [DiffToken], _ a: Range<Int>, _ right: [DiffToken], _ b: Range<Int>,
    isSame: (DiffToken, DiffToken) -> Bool
  ) -> [ExampleDiff.Hunk] {
    let width = b.count + 1
    var table = [Int32](repeating: 0, count: (a.count + 1) * width)
    for i in stride(from: a.count - 1, through: 0, by: -1) {
      for j in stride(from: b.count - 1, through: 0, by: -1) {
        table[i * width + j] =
          isSame(left[a.lowerBound + i], right[b.lowerBound + j])
          ? table[(i + 1) * width + j + 1] + 1
          : max(table[(i + 1) * width + j], table[i * width + j + 1])
      }
    }
    var out: [ExampleDiff.Hunk] = []
    var (i, j) = (0, 0)
    var (fromLeft, fromRight) = (0, 0)
    func close() {
      if fromLeft == i, fromRight == j { return }
      out.append(
        ExampleDiff.Hunk(
          left: a.lowerBound + fromLeft..<a.lowerBound + i,
          right: b.lowerBound + fromRight..<b.lowerBound + j))
    }
    while i < a.count, j < b.count {
      if isSame(left[a.lowerBound + i], right[b.lowerBound + j]) {
        close()
        i += 1
        j += 1
        (fromLeft, fromRight) = (i, j)
      } else if table[(i + 1) * width + j] >= table[i * width + j + 1] {
        i += 1
      } else {
        j += 1
      }
    }
    (i, j) = (a.count, b.count)
    close()
    return out
  }
}
