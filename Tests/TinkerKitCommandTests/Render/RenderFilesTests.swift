import Foundation
import TestSupport
import Testing
import TinkerFiles
import TinkerJSON

/// Output files are whole or absent, whatever happens.
@Suite struct RenderFilesTests {
  private static let bad = #"""
    {"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}
    {"messages":[{"role":"user","content":5}]}

    {"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"B"}
    {"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"C"}]}
    """#

  @Test func standsBesideItsManifest() throws {
    let folder = try WorkFolder()
    let out = folder.path("out.jsonl")
    let arguments =
      ["render", Tool.demo, "-o", out, "--renderer-option", "strip_thinking_from_history=false"]
      + Tool.rendering
    let outcome = try Tool.run(arguments)
    #expect(outcome.status == 0)
    #expect(outcome.output.isEmpty)
    #expect(try folder.names() == ["out.jsonl", "out.jsonl.manifest.json"])
    let manifest = try JSONValue.parse(
      try folder.read("out.jsonl.manifest.json").trimmingCharacters(in: .newlines))
    let digest = try SHA256.digest(
      ofFile: Places.fixtures.appending(path: "tokenizers/tiny-qwen3/tokenizer.json").path)
    #expect(manifest["tokenizer"]?["sha256"]?.text == digest)
    #expect(manifest["renderer"]?["name"] == "qwen3")
    #expect(manifest["renderer"]?["options"] == ["strip_thinking_from_history": false])
    #expect(manifest["options"]?["train_on"] == "all_assistant_messages")
    #expect(
      manifest["counts"]?["examples"]?.int == Tool.lines(of: try folder.read("out.jsonl")).count)
    // The same run writes the same bytes.
    let first = try folder.read("out.jsonl.manifest.json")
    #expect(try Tool.run(arguments).status == 0)
    #expect(try folder.read("out.jsonl.manifest.json") == first)
  }

  @Test func stopsAtABadRecordAndLeavesNothing() throws {
    let folder = try WorkFolder()
    let input = try folder.write(Self.bad, to: "bad.jsonl")
    let outcome = try Tool.run(["render", input, "-o", folder.path("out")] + Tool.rendering)
    #expect(outcome.status == 3)
    #expect(
      outcome.messages
        == "tinkerkit: \(input):2: messages[0].content: expected a string or a list of parts, "
        + "found a number\n")
    #expect(try folder.names() == ["bad.jsonl"])
  }

  @Test func goesOnWhenAsked() throws {
    let folder = try WorkFolder()
    let input = try folder.write(Self.bad, to: "bad.jsonl")
    let outcome = try Tool.run(
      [
        "render", input, "-o", folder.path("out"), "--keep-going", "--rejects",
        folder.path("rejects"),
      ] + Tool.rendering)
    #expect(outcome.status == 1)
    #expect(outcome.messages.contains("\(input):2: messages[0].content: expected"))
    #expect(outcome.messages.contains("\(input):4:78: Expecting ',' delimiter"))
    #expect(outcome.messages.contains("4 records, 2 examples"))
    #expect(outcome.messages.contains("2 bad records left out"))
    #expect(Tool.lines(of: try folder.read("out")).count == 2)
    let rejects = Tool.lines(of: try folder.read("rejects"))
    #expect(rejects == [1, 2].map { Tool.lines(of: Self.bad)[$0] })
  }

  @Test func stopsAtTheMostErrors() throws {
    let folder = try WorkFolder()
    let input = try folder.write(Self.bad, to: "bad.jsonl")
    let outcome = try Tool.run(
      ["render", input, "-o", folder.path("out"), "--keep-going", "--max-errors", "2"]
        + Tool.rendering)
    #expect(outcome.status == 3)
    #expect(outcome.messages.contains("2 bad records, as many as --max-errors allows"))
    #expect(try folder.names() == ["bad.jsonl"])
  }

  @Test func leavesTheOldFileWhenInterrupted() throws {
    let folder = try WorkFolder()
    try folder.write("old", to: "out")
    let process = Process()
    process.executableURL = BuiltCommand.products.appending(path: "tinkerkit")
    process.currentDirectoryURL = Places.package
    process.arguments = ["render", "-", "-o", folder.path("out")] + Tool.rendering
    let input = Pipe()
    process.standardInput = input
    process.standardError = FileHandle.nullDevice
    try process.run()
    // The input stays open, so the command waits with its temporary file made.
    let deadline = Date(timeIntervalSinceNow: 20)
    while try folder.names().count < 2, Date.now < deadline { usleep(10_000) }
    #expect(try folder.names().contains { $0.hasSuffix(".partial") })
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 130)
    #expect(try folder.names() == ["out"])
    #expect(try folder.read("out") == "old")
  }

  @Test func endsQuietlyWhenNobodyReads() throws {
    let folder = try WorkFolder()
    let demo = try String(
      contentsOf: Places.package.appending(path: Tool.demo), encoding: .utf8)
    let input = try folder.write(String(repeating: demo, count: 200), to: "in.jsonl")
    let options = Tool.rendering.joined(separator: " ")
    let piped = try BuiltCommand.shell(
      "(tinkerkit render \(input) \(options) || echo $? >&2) | head -n 1 | wc -l",
      in: Places.package)
    #expect(piped.text.trimmingCharacters(in: .whitespacesAndNewlines) == "1")
    #expect(piped.messages == "141\n", "nothing is said, and the status is a pipe's")
  }
}
