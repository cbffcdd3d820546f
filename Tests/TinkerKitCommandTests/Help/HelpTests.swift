import Foundation
import TestSupport
import Testing

@Suite struct HelpTests {
  static let commands = [
    "render", "show", "check", "prompt", "parse", "encode", "decode", "count", "image", "worker",
    "doctor", "sample", "train", "diff", "template", "serve-local",
  ]

  @Test func rootHelp() throws {
    let outcome = try Tool.run(["--help"])
    #expect(outcome.status == 0)
    #expect(outcome.messages.isEmpty)
    try Snapshot.check(outcome.text, "help")
    // Without arguments a command shows its help.
    #expect(try Tool.run([]).text == outcome.text)
  }

  @Test(arguments: commands)
  func commandHelp(command: String) throws {
    let outcome = try Tool.run([command, "--help"])
    #expect(outcome.status == 0)
    try Snapshot.check(outcome.text, "help-\(command)")
    #expect(outcome.text.contains("Example:"), "every command has an example")
  }

  @Test func version() throws {
    let outcome = try Tool.run(["--version"])
    #expect(outcome.status == 0)
    #expect(outcome.text.firstMatch(of: /^\d+\.\d+\.\d+\n$/) != nil)
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completions(shell: String) throws {
    let outcome = try Tool.run(["--generate-completion-script", shell])
    #expect(outcome.status == 0)
    #expect(Self.commands.allSatisfy { outcome.text.contains($0) })
  }
}
