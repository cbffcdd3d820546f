import Foundation
import TestSupport
import Testing

/// Every program of the folder `Examples` runs to its end.
@Suite struct ExampleTests {
  /// What each prints among other things. Debug builds train too slowly for those that train longer.
  static let examples: [(name: String, words: String, isQuick: Bool)] = [
    ("ConnectionCheck", "loss of a sentence", true),
    ("ToolUse", "in 1 example without a break", true),
    ("SampleAndScore", "length", true),
    ("FineTune", "50 of 50", false),
    ("Reinforce", "step 19", false),
    ("Prefer", "accuracy 1.0", false),
    ("Distill", "teacher_kl", false),
    ("SeeColours", "120 of 120", false),
    ("Resume", "the losses are the same: true", false),
  ]

  static let chosen: [(name: String, words: String, isQuick: Bool)] = {
    #if DEBUG
      examples.filter(\.isQuick)
    #else
      examples
    #endif
  }()

  @Test(arguments: chosen.map(\.name))
  func runs(name: String) throws {
    let scratch = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: scratch) }
    try FileManager.default.createSymbolicLink(
      at: scratch.appending(path: "Fixtures"), withDestinationURL: Places.fixtures)
    let outcome = try BuiltCommand.run(
      product: name, [], in: scratch, environment: ["TINKER_BASE_URL": ""])
    #expect(outcome.status == 0, "\(outcome.messages)")
    let words = Self.examples.first { $0.name == name }?.words ?? ""
    #expect(outcome.text.contains(words), "\(outcome.text)")
  }

  @Test func allAreListed() throws {
    let folder = Places.package.appending(path: "Examples")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0 != "README.md" }.sorted()
    #expect(names == Self.examples.map(\.name).sorted())
    let readme = try String(contentsOf: folder.appending(path: "README.md"), encoding: .utf8)
    for name in names { #expect(readme.contains("`\(name)`")) }
  }
}
