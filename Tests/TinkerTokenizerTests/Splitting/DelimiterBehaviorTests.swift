import Testing
import TinkerJSON
import TinkerTokenizer

/// The table of the specification: `the-final--countdown-` split at `-`.
@Suite struct DelimiterBehaviorTests {
  static let rows: [(behavior: String, isInverted: Bool, pieces: [String])] = [
    ("Removed", false, ["the", "final", "countdown"]),
    ("Removed", true, ["-", "-", "-", "-"]),
    ("Isolated", false, ["the", "-", "final", "-", "-", "countdown", "-"]),
    ("Isolated", true, ["the", "-", "final", "-", "-", "countdown", "-"]),
    ("MergedWithPrevious", false, ["the-", "final-", "-", "countdown-"]),
    ("MergedWithPrevious", true, ["the", "-final", "-", "-countdown", "-"]),
    ("MergedWithNext", false, ["the", "-final", "-", "-countdown", "-"]),
    ("MergedWithNext", true, ["the-", "final-", "-", "countdown-"]),
    ("Contiguous", false, ["the", "-", "final", "--", "countdown", "-"]),
    ("Contiguous", true, ["the", "-", "final", "--", "countdown", "-"]),
  ]

  @Test(arguments: rows.indices) func splitsAtHyphens(_ index: Int) throws {
    let row = Self.rows[index]
    for kind in ["String", "Regex"] {
      let split = try PreTokenizer(json: [
        "type": "Split", "pattern": .object([kind: "-"]),
        "behavior": .string(JSONString(row.behavior)), "invert": .bool(row.isInverted),
      ])
      #expect(pieces(of: "the-final--countdown-", split) == row.pieces)
    }
  }

  /// A scheme matches everywhere: what is joined or removed are its matches.
  @Test func aSchemeObeysEveryBehavior() throws {
    let expected = [
      "Removed": [], "Isolated": ["a", " b"], "Contiguous": ["a b"],
      "MergedWithPrevious": ["a", " b"], "MergedWithNext": ["a", " b"],
    ]
    for (behavior, result) in expected {
      let split = try PreTokenizer(json: [
        "type": "Split", "pattern": ["Regex": .string(JSONString(KnownPatterns.gpt2))],
        "behavior": .string(JSONString(behavior)), "invert": false,
      ])
      #expect(pieces(of: "a b", split) == result, "\(behavior)")
    }
  }
}
