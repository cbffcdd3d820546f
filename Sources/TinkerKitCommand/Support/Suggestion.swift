/// Finds what a person may have meant.
enum Suggestion {
  /// ` (did you mean 'x'?)`, or nothing when no name is close.
  static func clause(for name: String, among known: [String]) -> String {
    guard let best = closest(to: name, among: known) else { return "" }
    return " (did you mean '\(best)'?)"
  }

  /// The closest name, if it is close: one change for every three letters.
  static func closest(to name: String, among known: [String]) -> String? {
    let letters = Array(name.lowercased().utf8)
    let limit = max(1, (letters.count + 1) / 3)
    var best: (name: String, distance: Int)?
    for candidate in known {
      let distance = distance(letters, Array(candidate.lowercased().utf8))
      if distance <= limit, distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    return best?.name
  }

  /// Insertions, deletions and replacements between two words.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (i, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in right.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[right.count]
  }
}
