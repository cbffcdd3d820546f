import Testing
import TinkerJSON
import TinkerTemplate

/// Where each byte of the output comes from.
@Suite struct ProvenanceTests {
  private static let messages: JSONValue = [
    ["role": "system", "content": " Be brief. "],
    ["role": "user", "content": "Grüß Gott"],
    [
      "role": "assistant", "content": "",
      "tool_calls": [["function": ["name": "f", "arguments": ["a": "x\"y", "n": 1.5]]]],
    ],
  ]

  /// The runs as `text<path#message`, template text without a path.
  private static func runs(_ source: String) throws -> [String] {
    let rendered = try ChatTemplate(source).render(["messages": messages])
    return rendered.runs.map { run in
      let text = String(decoding: rendered.bytes[run.bytes], as: UTF8.self)
      let message = run.message.map { "#\($0)" } ?? ""
      if case .input(let path) = run.source { return "\(text)<\(path)\(message)" }
      return text + message
    }
  }

  @Test func fieldsAndFraming() throws {
    #expect(
      try Self.runs(
        "{% for m in messages[:2] %}[{{ m.role }}] {{ m.content|trim|upper }};{% endfor %}")
        == [
          "[#0", "system<messages[0].role#0", "] #0", "BE BRIEF.<messages[0].content#0", ";#0",
          "[#1", "user<messages[1].role#1", "] #1", "GRÜSS GOTT<messages[1].content#1", ";#1",
        ])
  }

  @Test func textOfOneExpressionBelongsToItsMessage() throws {
    #expect(
      try Self.runs("a{{ '<s>' + messages[1]['content'] + '</s>' }}b")
        == ["a", "<s>#1", "Grüß Gott<messages[1].content#1", "</s>#1", "b"])
  }

  @Test func partsKeepTheirPlaceThroughFunctions() throws {
    #expect(
      try Self.runs(
        "{% set ns = namespace(t='') %}{% for m in messages %}{% set ns.t = ns.t ~ m.content[:3] ~ '|' %}"
          + "{% endfor %}{{ ns.t.split('|')[1] ~ ns.t|replace('|', '-') }}")
        == [
          "Grü<messages[1].content#1", " Be<messages[0].content#0", "-",
          "Grü<messages[1].content#1", "--",
        ])
  }

  @Test func jsonKeepsThePlaceOfEachValue() throws {
    #expect(
      try Self.runs("{{ messages[2].tool_calls[0].function.arguments|tojson }}") == [
        "{<messages[2].tool_calls[0].function.arguments#2",
        "\"a\"<messages[2].tool_calls[0].function.arguments.a#2",
        ": <messages[2].tool_calls[0].function.arguments#2",
        "\"x\\\"y\"<messages[2].tool_calls[0].function.arguments.a#2",
        ", <messages[2].tool_calls[0].function.arguments#2",
        "\"n\"<messages[2].tool_calls[0].function.arguments.n#2",
        ": <messages[2].tool_calls[0].function.arguments#2",
        "1.5<messages[2].tool_calls[0].function.arguments.n#2",
        "}<messages[2].tool_calls[0].function.arguments#2",
      ])
  }

  @Test func messagesTakenByIndexAndByMacro() throws {
    #expect(
      try Self.runs("{% for i in range(2) %}{% set m = messages[i] %}({{ m.role }}){% endfor %}")
        == [
          "(#0", "system<messages[0].role#0", ")#0", "(#1", "user<messages[1].role#1", ")#1",
        ])
    #expect(
      try Self.runs("{% macro w(m) %}<{{ m.role }}>{% endmacro %}{{ w(messages[1]) }}!") == [
        "<#1", "user<messages[1].role#1", ">#1", "!",
      ])
  }

  @Test func placesInTheTemplate() throws {
    let rendered = try ChatTemplate("a\n {{ 'é' }}{{ 'x' }}").render([:])
    let places = rendered.runs.map(\.source)
    #expect(
      places == [
        .template(line: 1, column: 1), .template(line: 2, column: 5),
        .template(line: 2, column: 14),
      ])
  }
}
