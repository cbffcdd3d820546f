import Foundation
import TestSupport
import Testing
import TinkerJSON
import TinkerTemplate

/// Broken templates: whatever they are, they end with text or with an error.
@Suite struct TemplateFuzzTests {
  /// A generator that gives the same numbers in every run (splitmix64).
  private struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private static let variables: JSONObject = [
    "messages": [
      ["role": "user", "content": "a é 漢"], ["role": "assistant", "content": [["type": "text"]]],
    ],
    "tools": [["name": "f", "n": -9_223_372_036_854_775_808]], "x": 9_223_372_036_854_775_807,
    "y": 1e308, "z": .null,
  ]

  private static func corpus() throws -> [[UInt8]] {
    var out: [[UInt8]] = []
    let folder = Places.fixtures.appending(path: "templates")
    for row in try jsonLines(folder.appending(path: "snippets.jsonl")) {
      out.append(Array((row.text ?? "").utf8))
    }
    for name in ["thinking-tools", "chatml-marked", "dated-headers", "plain-lines"] {
      out.append([UInt8](try Data(contentsOf: folder.appending(path: "\(name).jinja"))))
    }
    return out
  }

  private static let words = [
    "{{", "}}", "{%", "%}", "{#", "#}", "-%}", "{%-", "(", ")", "[", "]", "{", "}", "|", ".", ":",
    "'",
    "\"", "\\", "x", "y", "z", "messages", "tools", "for", "in", "if", "else", "endif", "endfor",
    "set",
    "macro", "endmacro", "call", "is", "not", "loop", "namespace(", "range(", "**", "//", "%", "~",
    "1e999",
    "-1", "9223372036854775807", "|tojson", "|int", "|batch(", "|slice(", "|truncate(", "[::-1]",
    "[1:",
    ".format(", ".split(", ".center(", "recursive", "generation", "raw", "\n", "é", "\u{0}",
  ].map { Array($0.utf8) }

  @Test(arguments: 0..<4)
  func mutations(seed: Int) throws {
    var numbers = Numbers(state: UInt64(seed) &* 77 &+ 1)
    let corpus = try Self.corpus()
    let limits = TemplateLimits(steps: 20_000, textBytes: 1 << 16, calls: 12)
    var rendered = 0
    for _ in 0..<3000 {
      var bytes = corpus[Int.random(in: 0..<corpus.count, using: &numbers)]
      for _ in 0..<Int.random(in: 1...4, using: &numbers) {
        let place = Int.random(in: 0...bytes.count, using: &numbers)
        switch Int.random(in: 0..<4, using: &numbers) {
        case 0: bytes.insert(contentsOf: Self.words.randomElement(using: &numbers) ?? [], at: place)
        case 1:
          let end = min(place + Int.random(in: 0..<12, using: &numbers), bytes.count)
          bytes.removeSubrange(place..<end)
        case 2:
          let other = corpus[Int.random(in: 0..<corpus.count, using: &numbers)]
          let start = Int.random(in: 0...other.count, using: &numbers)
          bytes.insert(
            contentsOf: other[start..<min(start + 30, other.count)], at: place)
        default:
          let end = min(place + Int.random(in: 0..<20, using: &numbers), bytes.count)
          bytes.insert(contentsOf: bytes[place..<end], at: place)
        }
      }
      do {
        let output = try ChatTemplate(String(decoding: bytes, as: UTF8.self))
          .render(Self.variables, date: TemplateDate("2026-07-01"), limits: limits)
        rendered += 1
        if output.runs.reduce(0, { $0 + $1.bytes.count }) != output.bytes.count {
          Issue.record(
            "the runs do not cover the output of \(String(decoding: bytes, as: UTF8.self))")
        }
      } catch {}
    }
    #expect(rendered > 100)
  }
}
