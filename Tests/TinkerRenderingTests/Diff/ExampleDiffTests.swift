import Foundation
import TestSupport
import Testing
import TinkerJSON
import TinkerRendering

@Suite struct ExampleDiffTests {
  /// Tokens of words, with ids by their bytes.
  private static func tokens(_ words: [String], weight: Float = 1, isContent: Bool = false)
    -> [DiffToken]
  {
    words.map { word in
      DiffToken(
        id: UInt32(word.utf8.reduce(7) { ($0 &* 31 &+ Int($1)) & 0xFFFF }), bytes: Array(word.utf8),
        weight: weight, isContent: isContent, message: 0)
    }
  }

  private static func ranges(_ diff: ExampleDiff) -> [[Range<Int>]] {
    diff.hunks.map { [$0.left, $0.right] }
  }

  @Test func equalSidesHaveNoDifference() {
    #expect(ExampleDiff(Self.tokens(["a", "b"]), Self.tokens(["a", "b"])) == nil)
    #expect(ExampleDiff([], []) == nil)
  }

  @Test(arguments: [
    (["a", "b", "c"], ["a", "x", "c"], ExampleDiff.Kind.framing, 1),
    (["a", "b"], ["a", "b", "c"], .ending, 2), ([], ["a"], .ending, 0),
    (["a", "bc"], ["ab", "c"], .tokenization, 0), (["a", "b", "c"], ["b", "c"], .framing, 0),
  ])
  func kinds(left: [String], right: [String], kind: ExampleDiff.Kind, position: Int) throws {
    let diff = try #require(ExampleDiff(Self.tokens(left), Self.tokens(right)))
    #expect(diff.kind == kind)
    #expect(diff.position == position)
  }

  @Test func contentAndWeights() throws {
    let left = Self.tokens(["a"]) + Self.tokens(["b"], isContent: true)
    let right = Self.tokens(["a"]) + Self.tokens(["c"], isContent: true)
    #expect(ExampleDiff(left, right)?.kind == .content)
    let light = Self.tokens(["a", "b"]) + Self.tokens(["c"], weight: 0)
    let diff = try #require(ExampleDiff(light, Self.tokens(["a", "b", "c"])))
    #expect(diff.kind == .weights)
    #expect(Self.ranges(diff) == [[2..<3, 2..<3]])
  }

  @Test func hunksCoverWhatDiffersAndOnlyThat() throws {
    let left = Self.tokens(["a", "b", "c", "d", "e", "f"])
    let right = Self.tokens(["a", "c", "d", "x", "y", "f", "g"])
    let diff = try #require(ExampleDiff(left, right))
    #expect(
      Self.ranges(diff) == [[1..<2, 1..<1], [4..<5, 3..<5], [6..<6, 6..<7]])
  }

  @Test func idsCountOnlyWithOneTokenizer() {
    let left = [DiffToken(id: 1, bytes: Array("a".utf8), weight: 1)]
    let right = [DiffToken(id: 2, bytes: Array("a".utf8), weight: 1)]
    #expect(ExampleDiff(left, right)?.kind == .tokenization)
    #expect(ExampleDiff(left, right, comparesIDs: false) == nil)
  }

  @Test func longDifferencesAreOneStretch() throws {
    let left = Self.tokens((0..<1500).map { "l\($0)" })
    let right = Self.tokens((0..<1500).map { "r\($0)" })
    let diff = try #require(ExampleDiff(left, right))
    #expect(Self.ranges(diff) == [[0..<1500, 0..<1500]])
  }

  @Test func countsByKindAndKeepsTheFirst() throws {
    var diff = RenderingDiff(left: "A", right: "B", keeps: 2)
    let a = Self.tokens(["a"])
    let error = RenderingError(.conversation, "no", at: "messages[0]")
    diff.add("f:1", .success([a]), .success([a]))
    diff.add("f:2", .success([a]), .success([Self.tokens(["b"])]))
    diff.add("f:3", .success([a]), .failure(error))
    diff.add("f:4", .failure(error), .failure(error))
    diff.add("f:5", .success([a, a]), .success([a]))
    #expect((diff.compared, diff.equal, diff.different, diff.refusedByBoth) == (5, 2, 3, 1))
    #expect(diff.counts == [.framing: 1, .refused: 1, .count: 1])
    #expect(diff.findings.map(\.place) == ["f:2", "f:3"])
    let text = diff.text(shown: 2, usesColor: false)
    #expect(
      text.hasPrefix("5 compared, 2 equal, 3 different; 1 of the equal ones are refused by both\n"))
    #expect(text.contains("f:2  framing at token 0, message 0\n  A  ⟦a⟧\n  B  ⟦b⟧\n"))
    #expect(text.contains("f:3  refused\n  B refuses: messages[0]: no\n"))
    let json = diff.json(shown: 1)
    #expect(json["kinds"]?["count"] == 1)
    #expect(json["first"]?.array?.first?["left"]?["text"] == "a")
    let page = DiffPage(diff, title: "<f>").html()
    #expect(page.contains("&lt;f&gt;") && page.contains("B refuses: messages[0]: no"))
  }

  @Test func renderedLines() throws {
    let rows: [(JSONValue, [Float])] = [
      (
        [
          "tokens": [5, 6], "weights": [0, 1],
          "segments": [[0, 1, 0, "header", 0], [1, 2, 1, "content", 1]],
        ], [0, 1]
      ),
      (["input_ids": [5, 6], "labels": [-100, 6], "attention_mask": [1, 1]], [0, 1]),
      (
        [
          "model_input": ["chunks": [["type": "encoded_text", "tokens": [5]]]],
          "loss_fn_inputs": ["target_tokens": ["data": [6]], "weights": ["data": [1.0]]],
        ], [0, 1]
      ),
    ]
    for (line, weights) in rows {
      let tokens = try DiffToken.tokens(rendered: line, tokenizer: nil)
      #expect(tokens.map(\.id) == [5, 6])
      #expect(tokens.map(\.weight) == weights)
    }
    #expect(throws: RenderingError.self) {
      try DiffToken.tokens(rendered: ["x": 1], tokenizer: nil)
    }
    #expect(throws: RenderingError.self) {
      try DiffToken.tokens(rendered: ["tokens": [1, 2], "weights": [1]], tokenizer: nil)
    }
  }

  @Test func guideKnowsFramingStopsAndDifferences() throws {
    let renderer = try Fixture.renderer("qwen3", tokenizer: "tiny-qwen3")
    var guide = ServingGuide(for: renderer)
    #expect(guide.stops == ["<|im_end|>"])
    let user = try #require(guide.framings.first { $0.role == "user" })
    #expect((user.before, user.behind) == ("\n<|im_start|>user\n", "<|im_end|>"))
    #expect(guide.flags?.reasoningParser == "qwen3")
    let path = Places.fixtures.appending(path: "templates/thinking-tools.jinja").path
    guide.compare(
      with: try Renderer(named: "template:" + path, tokenizer: renderer.tokenizer))
    #expect(guide.comparisons.contains { $0.finding == nil })
    #expect(guide.comparisons.contains { $0.finding != nil })
    #expect(guide.text().contains("differences from template:"))
    #expect(guide.json()["differences"]?.array?.count == guide.comparisons.count)
  }
}
