import Foundation
import TestSupport
import Testing
import TinkerKit

/// The pages of the guide name commands, options, findings and tests that exist.
@Suite struct GuideTests {
  static let guide = Places.package.appending(path: "Sources/TinkerKit/TinkerKit.docc")
  static let symptoms = guide.appending(path: "Symptoms.md")

  @Test(arguments: MarkdownBlock.blocks(of: symptoms, language: ""))
  func commandsOfTheSymptomsWork(block: MarkdownBlock) throws {
    let script = block.lines.joined(separator: "\n")
      .replacing("-t MODEL", with: "-t Fixtures/tokenizers/tiny-qwen3")
      .replacing("RENDERER", with: "qwen3")
      .replacing("train.jsonl", with: "Fixtures/conversations/demo.jsonl")
      .replacing("questions.jsonl", with: "Fixtures/conversations/demo.jsonl")
    #expect(script.contains("tinkerkit "))
    // Findings end a check with 1, and are no fault of the command.
    let outcome = try BuiltCommand.shell("set +e\n\(script)\n[ $? -le 1 ]", in: Places.package)
    #expect(outcome.status == 0, "Symptoms.md:\(block.line): \(outcome.messages)")
  }

  @Test func theSymptomsNameWhatThereIs() throws {
    let text = try String(contentsOf: Self.symptoms, encoding: .utf8)
    var help = ""
    for command in ["render", "check", "show", "prompt"] {
      help += try BuiltCommand.run([command, "--help"]).text
    }
    let codes = Set(FindingCode.allCases.map(\.rawValue))
    var named: Set<String> = []
    for match in text.matches(of: /`(--[a-z-]+|[a-z]+(?:-[a-z]+)+)[^`]*`/) {
      let name = String(match.1)
      if name.hasPrefix("--") {
        #expect(help.contains("\(name) ") || help.contains("\(name)\n"), "\(name) is no option")
      } else {
        named.insert(name)
      }
    }
    #expect(named.isSubset(of: codes), "\(named.subtracting(codes)) are no findings")
    #expect(named.count > 15)
  }

  @Test func theTestsThatAreNamedExist() throws {
    let text = try String(
      contentsOf: Self.guide.appending(path: "HurtsElsewhere.md"), encoding: .utf8)
    var functions: Set<String> = ["run_recipes.py"]
    for folder in ["Tests", "Integrations/python/tests"] {
      let files = FileManager.default.enumerator(
        at: Places.package.appending(path: folder), includingPropertiesForKeys: nil)
      while let file = files?.nextObject() as? URL {
        guard ["swift", "py"].contains(file.pathExtension),
          let source = try? String(contentsOf: file, encoding: .utf8)
        else { continue }
        for match in source.matches(of: /(?:func|def) ([A-Za-z_0-9]+)\(/) {
          functions.insert(String(match.1))
        }
      }
    }
    var count = 0
    for row in text.split(separator: "\n") where row.hasPrefix("| ") {
      let tests = (row.split(separator: "|").last ?? "").matches(of: /`([^`]+)`/)
      for test in tests {
        #expect(functions.contains(String(test.1)), "\(test.1) is no test")
      }
      count += tests.isEmpty ? 0 : 1
    }
    #expect(count == 23)
  }
}
