import Foundation
import TestSupport
import Testing

@Suite struct ShowTests {
  /// Text in every guise: tabs, escapes, parts of characters, tools, reasoning, HTML.
  static let guises = #"""
    {"id":"guises","messages":[{"role":"system","content":"You are terse.\n\tTabs too."},{"role":"user","content":"Wetter in Zürich? 天气 🌦️ \u001b[31mred\u001b[0m \u200b."},{"role":"assistant","content":[{"type":"thinking","thinking":"Ask."},{"type":"text","text":"Let me look."}],"tool_calls":[{"type":"function","id":null,"function":{"name":"weather","arguments":"{\"city\": \"Zürich\"}"}}]},{"role":"tool","content":"{\"sky\": \"rain\"}"},{"role":"assistant","content":"It rains. <b>Take</b> an umbrella & go."}]}
    """#

  @Test(arguments: [
    ("show-plain", []), ("show-color", ["--color", "always"]), ("show-loss", ["--only", "loss"]),
    ("show-ids", ["--ids"]), ("show-none", ["--expand", "none"]),
  ])
  func looksAsBefore(name: String, options: [String]) throws {
    let outcome = try Tool.run(["show", "-"] + options + Tool.rendering, input: Self.guises)
    #expect(outcome.status == 0, "\(outcome.messages)")
    try Snapshot.check(outcome.text, name)
    let controls = outcome.text.unicodeScalars.filter { $0.value < 0x20 && $0 != "\n" }
    #expect(
      controls.allSatisfy { $0 == "\u{1B}" } && (controls.isEmpty || name == "show-color"),
      "nothing of the data reaches the terminal as a control character")
  }

  @Test func honoursNoColor() throws {
    let forced = try Tool.run(
      ["show", "-", "--color", "always"] + Tool.rendering, input: Self.guises,
      environment: ["NO_COLOR": "1"])
    #expect(forced.text.contains("\u{1B}["), "who asks for colours gets them")
    let piped = try Tool.run(["show", "-"] + Tool.rendering, input: Self.guises)
    #expect(!piped.text.contains("\u{1B}"))
  }

  @Test func printsJSON() throws {
    let shown = try Tool.run(["show", Tool.demo, "-n", "2", "--json"] + Tool.rendering)
    let rendered = try Tool.run(
      ["render", Tool.demo, "--limit", "2", "--format", "tokens"] + Tool.rendering)
    #expect(shown.output == rendered.output)
  }

  @Test func saysWhenThereIsNothing() throws {
    let outcome = try Tool.run(["show", "-"] + Tool.rendering)
    #expect(outcome.status == 1)
    #expect(outcome.messages.contains("nothing to show"))
  }
}
