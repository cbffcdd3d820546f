import Foundation
import TestSupport
import Testing
import TinkerJSON

@Suite struct CheckTests {
  private static let clean =
    #"{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}"#
  private static let empty =
    #"{"messages":[{"role":"user","content":"R"},{"role":"assistant","content":""}]}"#
  private static let untrained = #"{"messages":[{"role":"user","content":"S"}]}"#

  private func check(_ more: [String], input: String = "") throws -> BuiltCommand.Outcome {
    try Tool.run(["check"] + more + Tool.rendering, input: input)
  }

  private func report(_ more: [String], input: String = "") throws -> JSONValue {
    try JSONValue.parse(
      try check(more + ["--json"], input: input).text.trimmingCharacters(in: .newlines))
  }

  private func codes(_ report: JSONValue) -> [String] {
    (report["findings"]?.array ?? []).compactMap { $0["code"]?.text }
  }

  @Test func printsATable() throws {
    let outcome = try check(
      [Tool.demo, "Fixtures/conversations/turns.jsonl", "--max-length", "60", "--first", "1"])
    #expect(outcome.status == 1)
    #expect(outcome.messages.isEmpty)
    try Snapshot.check(outcome.text, "check")
  }

  @Test func saysThatNothingWasFound() throws {
    let outcome = try check(["-"], input: Self.clean)
    #expect(outcome.status == 0)
    #expect(outcome.text.hasPrefix("nothing found\n"))
    #expect(outcome.text.contains("1 conversation, 1 example, "))
  }

  @Test func badRecordsAreFindings() throws {
    let input = [Self.clean, "not json", #"{"messages":5}"#, Self.clean].joined(separator: "\n")
    let outcome = try check(["-"], input: input)
    #expect(outcome.status == 1)
    #expect(outcome.text.contains("error    not-renderable  2\n"))
    #expect(outcome.text.contains("<stdin>:2: "))
    #expect(outcome.text.contains("<stdin>:3: messages: "))
    #expect(outcome.text.contains("<stdin>:4: says the same as <stdin>:1"))
    #expect(outcome.text.contains("4 conversations, 2 examples"))
  }

  @Test func chosenCodes() throws {
    let input = [Self.empty, Self.untrained].joined(separator: "\n")
    #expect(try codes(report(["-"], input: input)) == ["no-loss", "empty-assistant"])
    #expect(
      try codes(report(["-", "--select", "empty-assistant"], input: input))
        == ["empty-assistant"])
    #expect(try codes(report(["-", "--ignore", "empty-assistant"], input: input)) == ["no-loss"])
  }

  @Test func theStatusFollowsTheGravity() throws {
    #expect(try check(["-"], input: Self.empty).status == 1)
    #expect(try check(["-", "--fail-on", "error"], input: Self.empty).status == 0)
    #expect(try check(["-", "--fail-on", "error"], input: Self.untrained).status == 1)
    // Notes do not fail unless asked for.
    let turns = #"""
      {"messages":[{"role":"user","content":"1"},{"role":"assistant","content":"a"},
      {"role":"user","content":"2"},{"role":"assistant","content":"b"}]}
      """#.replacing("\n", with: "")
    #expect(try codes(report(["-"], input: turns)) == ["history-changes"])
    #expect(try check(["-"], input: turns).status == 0)
    #expect(try check(["-", "--fail-on", "note"], input: turns).status == 1)
  }

  @Test func findsLeaksBetweenFiles() throws {
    let folder = try WorkFolder()
    let train = try folder.write(Self.clean + "\n" + Self.untrained + "\n", to: "train.jsonl")
    let test = try folder.write(Self.clean + "\n", to: "test.jsonl")
    let found = try report([train, test, "--select", "split-leak"])
    #expect(codes(found) == ["split-leak"])
    let first = found["findings"]?.array?.first?["first"]?.array?.first
    #expect(first?["message"]?.text == "says the same as \(train):1")
    #expect(first?["where"]?["file"]?.text == test)
    #expect(first?["where"]?["line"]?.int == 1)
    #expect(found["duplicates_sampled"]?.int == 1)
  }

  @Test func writesEveryFinding() throws {
    let folder = try WorkFolder()
    let file = folder.path("findings.jsonl")
    let input = (0..<700).map { Self.empty.replacing("R", with: "R\($0)") }.joined(separator: "\n")
    let outcome = try check(["-", "-o", file, "--first", "0", "--jobs", "3"], input: input)
    #expect(outcome.status == 1)
    #expect(outcome.text.hasPrefix("warning  empty-assistant  700\n\n700 conversations"))
    let lines = try jsonLines(URL(filePath: file))
    #expect(lines.compactMap { $0["where"]?["line"]?.int } == Array(1...700))
    #expect(lines.allSatisfy { $0["code"] == "empty-assistant" && $0["severity"] == "warning" })
    // The same on one thread.
    _ = try check(["-", "-o", folder.path("one.jsonl"), "--jobs", "1"], input: input)
    #expect(try folder.read("one.jsonl") == folder.read("findings.jsonl"))
  }

  @Test(arguments: [
    (["--select", "no-los"], "no-los"), (["--select", "too-long"], "--max-length"),
    (["--max-length", "1"], "--max-length"), (["--jobs", "0"], "--jobs"),
    (["--first", "-1"], "--first"), (["--fail-on", "grave"], "grave"), (["-o", "-"], "--output"),
  ])
  func refusesWrongUsage(arguments: [String], names: String) throws {
    let outcome = try check(["-"] + arguments, input: Self.clean)
    #expect(outcome.status == 2)
    #expect(outcome.messages.contains(names), "\(outcome.messages)")
  }

  @Test func theWorkerChecksToo() throws {
    let messages = #"[{"role":"user","content":"Q","name":null},{"role":"assistant","content":""}]"#
    let replies = try Tool.worker(
      Tool.rendering,
      lines: [
        #"{"id":1,"op":"check","messages":\#(messages)}"#,
        #"{"id":2,"op":"check","messages":[{"role":"user","content":"Q"}],"train_on":"last_assistant_message"}"#,
        #"{"id":3,"op":"check","messages":[{"role":"user","content":"Q"}],"train_on":"all"}"#,
        #"{"id":4,"op":"check","messages":5}"#,
      ])
    let first = replies[0]["ok"]?["findings"]?.array ?? []
    #expect(first.compactMap { $0["code"]?.text } == ["null-fields", "empty-assistant"])
    #expect(first.last?["where"] == ["message": 1, "field": "content"])
    #expect(first.last?["severity"] == "warning")
    #expect(replies[1]["ok"]?["findings"]?[0]?["code"] == "no-loss")
    #expect(replies[2]["error"]?["path"] == "train_on")
    #expect(replies[3]["error"]?["kind"] == "conversation")
  }
}

extension JSONValue {
  fileprivate subscript(index: Int) -> JSONValue? {
    guard let array, array.indices.contains(index) else { return nil }
    return array[index]
  }
}
