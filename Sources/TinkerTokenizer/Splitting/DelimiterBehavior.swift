import TinkerJSON

/// What becomes of the matches of a split.
enum DelimiterBehavior: String, Sendable {
  case removed = "Removed"
  case isolated = "Isolated"
  case mergedWithPrevious = "MergedWithPrevious"
  case mergedWithNext = "MergedWithNext"
  case contiguous = "Contiguous"

  init(_ field: FieldValue) throws(TokenizerError) {
    guard let value = DelimiterBehavior(rawValue: try field.text().description) else {
      throw field.unsupported
    }
    self = value
  }

  /// Appends the pieces that some stretches make, in order; empty ones are left out.
  func append(_ stretches: [Stretch], to pieces: inout [Range<Int>]) {
    let first = pieces.count
    switch self {
    case .removed:
      for stretch in stretches where !stretch.isMatch { pieces.append(stretch.range) }
    case .isolated:
      for stretch in stretches { pieces.append(stretch.range) }
    case .contiguous:
      join(stretches, into: &pieces, after: first) { $0 == $1 }
    case .mergedWithPrevious:
      join(stretches, into: &pieces, after: first) { isMatch, wasMatch in isMatch && !wasMatch }
    case .mergedWithNext:
      var wasMatch = false
      for stretch in stretches.reversed() {
        if stretch.isMatch, !wasMatch, pieces.count > first, let next = pieces.popLast() {
          pieces.append(stretch.range.lowerBound..<next.upperBound)
        } else {
          pieces.append(stretch.range)
        }
        wasMatch = stretch.isMatch
      }
      pieces[first...].reverse()
    }
    dropEmpty(from: first, of: &pieces)
  }

  private func dropEmpty(from first: Int, of pieces: inout [Range<Int>]) {
    var kept = first
    for index in first..<pieces.count where !pieces[index].isEmpty {
      pieces[kept] = pieces[index]
      kept += 1
    }
    pieces.removeLast(pieces.count - kept)
  }

  private func join(
    _ stretches: [Stretch], into pieces: inout [Range<Int>], after first: Int,
    _ joins: (_ isMatch: Bool, _ wasMatch: Bool) -> Bool
  ) {
    var wasMatch = false
    for stretch in stretches {
      if joins(stretch.isMatch, wasMatch), pieces.count > first, let last = pieces.popLast() {
        pieces.append(last.lowerBound..<stretch.range.upperBound)
      } else {
        pieces.append(stretch.range)
      }
      wasMatch = stretch.isMatch
    }
  }
}

/// A part of a text that is a match, or that lies between two.
struct Stretch: Sendable {
  let range: Range<Int>
  let isMatch: Bool
}
