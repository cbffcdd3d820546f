/// Byte pair encoding as its definition says, slow and obvious.
struct NaiveMerger {
  private var ranks: [[String]: Int] = [:]

  init(_ merges: [(String, String)]) {
    for (rank, merge) in merges.enumerated() { ranks[[merge.0, merge.1]] = rank }
  }

  /// Merges the neighbours of least rank, the leftmost of equals, until none are left to merge.
  func merge(_ symbols: [String]) -> [String] {
    var parts = symbols
    while true {
      var best: (rank: Int, index: Int)?
      for index in parts.indices.dropLast() {
        if let rank = ranks[[parts[index], parts[index + 1]]], rank < best?.rank ?? .max {
          best = (rank, index)
        }
      }
      guard let best else { return parts }
      parts[best.index] += parts.remove(at: best.index + 1)
    }
  }
}
