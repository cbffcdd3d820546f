import Foundation
import TestSupport
import Testing
import TinkerJSON
import TinkerTemplate

/// Our templates and snippets against what transformers makes of them; see
/// Scripts/fixtures/make_template_goldens.py.
@Suite struct TemplateGoldenTests {
  private static let golden = Places.fixtures.appending(path: "golden/templates")
  private static let date = TemplateDate("2026-07-01T12:34:56")

  private static func variables(_ messages: JSONValue, _ row: JSONValue) -> JSONObject {
    var out: JSONObject = [
      "messages": messages, "tools": row["tools"] ?? .null, "documents": .null,
      "add_generation_prompt": row["prompt"] ?? false, "bos_token": "<s>", "eos_token": "</s>",
    ]
    for (key, value) in row["variables"]?.object ?? [:] { out.set(key, to: value) }
    return out
  }

  /// The first difference from the golden, or `nil`.
  private static func difference(
    _ source: String, _ variables: JSONObject, _ row: JSONValue
  ) -> String? {
    do {
      let rendered = try ChatTemplate(source).render(variables, date: date)
      guard let text = row["text"]?.text else { return "rendered, and the reference refuses" }
      if rendered.text != text { return "text: \(rendered.text)\nreference: \(text)" }
      let ranges = rendered.generations.map { range in
        JSONValue.array(
          [range.lowerBound, range.upperBound].map { place in
            .number(.integer(rendered.bytes.prefix(place).count { $0 & 0xC0 != 0x80 }))
          })
      }
      return .array(ranges) == row["generations"] ? nil : "ranges: \(ranges)"
    } catch {
      return row["refused"] == nil ? "refused: \(error)" : nil
    }
  }

  @Test(arguments: [
    "alternating", "chatml-marked", "dated-headers", "plain-lines", "thinking-tools",
  ])
  func template(name: String) throws {
    let source = try String(
      contentsOf: Places.fixtures.appending(path: "templates/\(name).jinja"), encoding: .utf8)
    let rows = try jsonLines(Self.golden.appending(path: "\(name).jsonl"))
    #expect(rows.count > 50)
    for (index, row) in rows.enumerated() {
      let variables = Self.variables(row["messages"] ?? [], row)
      if let difference = Self.difference(source, variables, row) {
        Issue.record("case \(index): \(difference)")
        return
      }
    }
  }

  @Test func snippets() throws {
    let messages: JSONValue = [
      ["role": "user", "content": "Hi"], ["role": "assistant", "content": "Yo\n"],
    ]
    let rows = try jsonLines(Self.golden.appending(path: "snippets.jsonl"))
    #expect(rows.count > 130)
    for row in rows {
      let source = try #require(row["template"]?.text)
      if let difference = Self.difference(source, Self.variables(messages, row), row) {
        Issue.record("\(source)\n\(difference)")
      }
    }
  }
}
