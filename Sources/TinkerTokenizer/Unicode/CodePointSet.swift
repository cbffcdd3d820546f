/// A set of code points, kept as the sorted places where it begins and ends.
struct CodePointSet: Sendable, Hashable {
  /// One more than the last code point.
  static let limit: UInt32 = 0x11_0000

  /// Code points from an even position on up to the next odd one are members.
  private(set) var borders: [UInt32]

  init() { borders = [] }

  init(_ range: ClosedRange<UInt32>) {
    borders = [range.lowerBound, range.upperBound &+ 1]
  }

  /// A set from a generated table of distances between borders.
  init(distances: StaticString) {
    borders = []
    var border: UInt32 = 0
    for distance in PackedNumbers(distances) {
      border += distance
      borders.append(border)
    }
  }

  /// A set from ranges in ascending order, none of which overlap. Ranges that touch become one.
  init(ascending ranges: some Sequence<ClosedRange<UInt32>>) {
    borders = []
    for range in ranges {
      if borders.last == range.lowerBound {
        borders.removeLast()
      } else {
        borders.append(range.lowerBound)
      }
      borders.append(range.upperBound + 1)
    }
  }

  static let all = CodePointSet(0...(limit - 1))

  var isEmpty: Bool { borders.isEmpty }

  /// The ranges in ascending order.
  var ranges: [ClosedRange<UInt32>] {
    stride(from: 0, to: borders.count - 1, by: 2).map { borders[$0]...(borders[$0 + 1] - 1) }
  }

  func contains(_ codePoint: UInt32) -> Bool {
    var low = 0
    var high = borders.count
    while low < high {
      let middle = (low + high) / 2
      if borders[middle] <= codePoint { low = middle + 1 } else { high = middle }
    }
    return low & 1 == 1
  }

  var complement: CodePointSet { combined(with: .all) { $0 != $1 } }

  func union(_ other: CodePointSet) -> CodePointSet { combined(with: other) { $0 || $1 } }

  func intersection(_ other: CodePointSet) -> CodePointSet { combined(with: other) { $0 && $1 } }

  func subtracting(_ other: CodePointSet) -> CodePointSet { combined(with: other) { $0 && !$1 } }

  /// Walks over the borders of both and keeps what the rule keeps. The rule must refuse (false, false).
  private func combined(
    with other: CodePointSet, _ keeps: (Bool, Bool) -> Bool
  ) -> CodePointSet {
    var result = CodePointSet()
    var left = 0
    var right = 0
    while left < borders.count || right < other.borders.count {
      let here = min(
        left < borders.count ? borders[left] : .max,
        right < other.borders.count ? other.borders[right] : .max)
      if left < borders.count, borders[left] == here { left += 1 }
      if right < other.borders.count, other.borders[right] == here { right += 1 }
      let inside = keeps(left & 1 == 1, right & 1 == 1)
      if inside != (result.borders.count & 1 == 1) { result.borders.append(here) }
    }
    return result
  }
}
