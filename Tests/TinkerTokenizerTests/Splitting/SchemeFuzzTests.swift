import Testing
import TinkerJSON
import TinkerTokenizer

/// Every scanner against the general matcher, which does not know the schemes.
@Suite struct SchemeFuzzTests {
  static let schemes = KnownPatterns.byName.keys.sorted() + ["deepseek"]

  /// The scanner of a scheme, and a pre-tokenizer that searches for the same.
  private func splitters(_ name: String) throws -> (scanner: PreTokenizer, searcher: PreTokenizer) {
    let patterns =
      name == "deepseek" ? KnownPatterns.deepSeek : [try #require(KnownPatterns.byName[name])]
    // An empty group keeps the meaning and hides the pattern from the recogniser.
    return (
      try PreTokenizer(json: sequence(patterns.map(isolatedSplit))),
      try PreTokenizer(json: sequence(patterns.map { isolatedSplit("(?:)" + $0) }))
    )
  }

  @Test(arguments: schemes) func agreesOnHardTexts(_ name: String) throws {
    let (scanner, searcher) = try splitters(name)
    for text in HardTexts.all {
      // Across the edge of a block of 64 bytes, at every place.
      for padding in [0, 1] + Array(54..<66) {
        for whole in [
          String(repeating: "x", count: padding) + text,
          text + String(repeating: "\n", count: padding),
        ] {
          try compare(whole, scanner, searcher, name)
        }
      }
    }
  }

  @Test(arguments: schemes) func agreesOnRandomTexts(_ name: String) throws {
    let (scanner, searcher) = try splitters(name)
    var random = SplitMix(state: 20_250_601)
    for _ in 0..<400 {
      try compare(HardTexts.random(atMost: 60, using: &random), scanner, searcher, name)
    }
  }

  private func compare(
    _ text: String, _ scanner: PreTokenizer, _ searcher: PreTokenizer, _ name: String
  ) throws {
    let bytes = Array(text.utf8)
    var scanned = PieceBuffer()
    var searched = PieceBuffer()
    scanner.split(bytes.span, into: &scanned)
    searcher.split(bytes.span, into: &searched)
    if scanned.ranges == searched.ranges { return }
    let place = zip(scanned.ranges, searched.ranges).first { $0 != $1 }
    Issue.record("\(name) \(text.debugDescription): \(String(describing: place))")
    throw Disagreement()
  }

  private struct Disagreement: Error {}
}
