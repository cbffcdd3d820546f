import Foundation
import TestSupport
import Testing
import TinkerJSON

@Suite struct DiffTests {
  private static let template = "template:Fixtures/templates/thinking-tools.jinja"

  @Test func twoRenderers() throws {
    let outcome = try Tool.run(
      ["diff", Tool.demo] + Tool.qwen3 + ["-r", "qwen3", "-r", Self.template, "-n", "2"])
    #expect(outcome.status == 1)
    #expect(outcome.messages.isEmpty)
    try Snapshot.check(outcome.text, "diff")
  }

  @Test func equalSidesEndWithZero() throws {
    let outcome = try Tool.run(
      ["diff", Tool.demo] + Tool.qwen3 + ["-r", "qwen3_instruct", "-r", "qwen3_instruct", "--json"])
    #expect(outcome.status == 0)
    let json = try JSONValue.parse(outcome.text.trimmingCharacters(in: .newlines))
    #expect(json["different"] == 0)
    #expect((json["compared"]?.int ?? 0) > 10)
  }

  @Test func twoTokenizers() throws {
    let outcome = try Tool.run(
      [
        "diff", Tool.demo, "-t", "Fixtures/tokenizers/tiny-qwen3", "-t",
        "Fixtures/tokenizers/tiny-more", "-r", "role_colon", "--json",
      ])
    #expect(outcome.status == 1)
    let json = try JSONValue.parse(outcome.text.trimmingCharacters(in: .newlines))
    #expect((json["kinds"]?["tokenization"]?.int ?? 0) > 0)
  }

  @Test(arguments: ["tokens", "datum", "hf"])
  func renderedFiles(format: String) throws {
    let folder = try WorkFolder()
    for (name, mode) in [("a", "all_assistant_messages"), ("b", "last_assistant_message")] {
      let outcome = try Tool.run(
        ["render", Tool.demo] + Tool.qwen3 + [
          "-r", "qwen3_instruct", "--format", format, "--train-on", mode, "--expand", "none", "-o",
          folder.path("\(name).jsonl"), "--quiet",
        ])
      #expect(outcome.status == 0, "\(outcome.messages)")
    }
    let files = [folder.path("a.jsonl"), folder.path("b.jsonl")]
    let same = try Tool.run(["diff", files[0], files[0], "--rendered"])
    #expect(same.status == 0)
    let other = try Tool.run(
      ["diff"] + files + ["--rendered", "--json", "--html", folder.path("page.html")] + Tool.qwen3)
    #expect(other.status == 1)
    let json = try JSONValue.parse(other.text.trimmingCharacters(in: .newlines))
    #expect(json["kinds"]?["weights"] == json["different"])
    #expect(try folder.read("page.html").contains("</html>"))
  }

  @Test func templateGuide() throws {
    let outcome = try Tool.run(
      ["template"] + Tool.rendering + ["--template", "Fixtures/templates/thinking-tools.jinja"])
    #expect(outcome.status == 0)
    #expect(outcome.messages.isEmpty)
    try Snapshot.check(outcome.text, "template")
    let json = try Tool.run(["template", "--json"] + Tool.rendering)
    #expect(
      try JSONValue.parse(json.text.trimmingCharacters(in: .newlines))["stop"] == ["<|im_end|>"])
  }

  @Test(arguments: [
    ["diff", "x.jsonl"], ["diff", "x.jsonl", "-r", "qwen3"], ["diff", "a", "--rendered"],
    ["diff", "a", "b", "--rendered", "-r", "qwen3"],
    ["diff", Tool.demo, "-t", "Fixtures/tokenizers/tiny-qwen3", "-r", "qwen3", "-r", "qwem3"],
    [
      "diff", Tool.demo, "-t", "Fixtures/tokenizers/tiny-qwen3", "-r", "qwen3", "-r", "llama3",
      "--renderer-option", "x=1",
    ], ["template", "-t", "Fixtures/tokenizers/tiny-qwen3", "-r", "template:nowhere.jinja"],
  ])
  func wrongUsage(arguments: [String]) throws {
    let outcome = try Tool.run(arguments)
    #expect(outcome.status == 2, "\(outcome.messages)")
    #expect(outcome.text.isEmpty)
  }
}
