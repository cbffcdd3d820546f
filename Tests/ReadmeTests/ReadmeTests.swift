import Foundation
import TestSupport
import Testing

/// The README shows nothing that does not work: its Swift stands word for word in a file that is compiled with these
/// tests, and its commands are run.
@Suite struct ReadmeTests {
  static let readme = Places.package.appending(path: "README.md")

  @Test(
    "The README has snippets and commands",
    .enabled(
      if: FileManager.default.fileExists(atPath: readme.path), "README.md is not written yet"))
  func hasBoth() {
    #expect(!MarkdownBlock.blocks(of: Self.readme, language: "swift").isEmpty)
    #expect(!MarkdownBlock.blocks(of: Self.readme, language: "sh").isEmpty)
  }

  @Test(
    "A snippet of the README is compiled",
    arguments: MarkdownBlock.blocks(of: readme, language: "swift"))
  func compiled(block: MarkdownBlock) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Snippets")
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    let wanted = Self.bare(block.lines)
    let found = try files.contains { file in
      let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      return Self.bare(lines.map(String.init)).firstRange(of: wanted) != nil
    }
    #expect(
      found, "README.md:\(block.line): this block stands in no file of Tests/ReadmeTests/Snippets")
  }

  @Test(
    "A command of the README works", arguments: MarkdownBlock.blocks(of: readme, language: "sh"))
  func works(block: MarkdownBlock) throws {
    if !Self.isRelease, block.lines.contains(where: { $0.contains("tinkerkit train") }) {
      try Test.cancel("a debug build trains too slowly: swift test -c release")
    }
    let scratch = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: scratch) }
    for name in ["Fixtures", "Scripts", ".ci", "Benchmarks"] {
      try FileManager.default.createSymbolicLink(
        at: scratch.appending(path: name), withDestinationURL: Places.package.appending(path: name))
    }
    let script = block.lines.filter { !Self.isLeftToOthers($0) }.joined(separator: "\n")
      .replacing(".build/release/tinkerkit", with: "tinkerkit")
    let outcome = try BuiltCommand.shell(script, in: scratch)
    #expect(outcome.status == 0, "README.md:\(block.line): \(outcome.messages)")

    for line in block.lines {
      guard let name = line.split(separator: " ").first(where: { $0.contains("/") }),
        line.hasPrefix("Scripts/") || line.hasPrefix(".ci/") || line.hasPrefix("Benchmarks/")
      else { continue }
      #expect(
        FileManager.default.isExecutableFile(atPath: Places.package.appending(path: name).path),
        "README.md:\(block.line): \(name) cannot be run")
    }
  }

  @Test(
    "The guide to training works",
    .enabled(if: isRelease, "a debug build trains too slowly: swift test -c release"))
  func guideWorks() throws {
    let guide = Places.package.appending(
      path: "Sources/TinkerTraining/TinkerTraining.docc/TrainInFiveMinutes.md")
    let scratch = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: scratch) }
    try FileManager.default.createSymbolicLink(
      at: scratch.appending(path: "Fixtures"), withDestinationURL: Places.fixtures)
    let script = MarkdownBlock.blocks(of: guide, language: "sh").flatMap(\.lines)
    let outcome = try BuiltCommand.shell(script.joined(separator: "\n"), in: scratch)
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.text.contains("The capital is Tokyo."))
  }

  static let isRelease: Bool = {
    #if DEBUG
      false
    #else
      true
    #endif
  }()

  /// Whether a line builds, fetches or tests, which a test cannot do inside itself; the checks of the project run
  /// these scripts on their own.
  static func isLeftToOthers(_ line: String) -> Bool {
    ["git ", "cd ", "swift ", "Scripts/", ".ci/", "Benchmarks/"].contains { line.hasPrefix($0) }
  }

  /// Lines without indentation and empty lines, so that a snippet may stand inside a function.
  static func bare(_ lines: [String]) -> [String] {
    lines.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }
}
