import Foundation
import TestSupport
import Testing
import TinkerRendering

/// The page of each finding in the documentation is there, and its example is true.
@Suite struct FindingPageTests {
  private static let folder = Places.package
    .appending(path: "Sources/TinkerRendering/TinkerRendering.docc/Findings")
  /// The codes whose examples take more than a record, or a picture.
  private static let withoutExample: Set<FindingCode> = [.cutImage, .duplicate, .splitLeak]
  private static let tokenizers = [
    "llama3": "tiny-llama3", "deepseekv3": "tiny-deepseekv3", "qwen3": "tiny-qwen3",
    "qwen3_instruct": "tiny-qwen3",
  ]

  /// A record of a page with the options that stand before it.
  private struct Example {
    let options: [String: String]
    let record: String

    init(command: Substring, record: Substring) {
      let words = command.split(separator: " ")
      var options: [String: String] = [:]
      for (name, value) in zip(words, words.dropFirst()) where name.hasPrefix("-") {
        options[String(name)] = String(value)
      }
      self.options = options
      self.record = String(record)
    }

    func codes() throws -> Set<FindingCode> {
      let name = try #require(options["-r"])
      let trainOn = options["--train-on"].flatMap { TrainOn(rawValue: $0) }
      let settings = AuditSettings(
        records: RecordSettings(trainOn: trainOn ?? .allAssistantMessages),
        maximumLength: options["--max-length"].flatMap { Int($0) })
      let renderer = try Fixture.renderer(
        name, tokenizer: try #require(FindingPageTests.tokenizers[name]))
      var audit = ConversationAudit(renderer: renderer, settings: settings)
      return Set(audit.audit(record: Array(record.utf8).span).findings.map(\.code))
    }
  }

  @Test(arguments: FindingCode.allCases)
  func saysWhatItIsAndHowToCureIt(code: FindingCode) throws {
    let file = Self.folder.appending(path: "\(code.rawValue).md")
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text.hasPrefix("# \(code.rawValue)\n\n"))
    for part in [
      "*Severity: \(code.severity.rawValue)", "### What it costs\n", "### How to cure it\n",
    ] {
      #expect(text.contains(part), "\(part)")
    }
    if Self.withoutExample.contains(code) { return }
    let first = try #require(
      text.firstMatch(of: /With `check (.*)` this record has it:\n\n```json\n(.*)\n```/))
    let has = Example(command: first.1, record: first.2)
    #expect(try has.codes().contains(code), "\(has.record)")
    let other: Example
    if let second = text.firstMatch(of: /This one just has not:\n\n```json\n(.*)\n```/) {
      other = Example(command: first.1, record: second.1)
    } else {
      let second = try #require(text.firstMatch(of: /With `check (.*)` the same just has not\./))
      other = Example(command: second.1, record: first.2)
    }
    #expect(try !other.codes().contains(code), "\(other.record)")
  }

  @Test func theOverviewListsEveryPage() throws {
    let text = try String(
      contentsOf: Self.folder.deletingLastPathComponent().appending(path: "Findings.md"),
      encoding: .utf8)
    for code in FindingCode.allCases {
      #expect(text.contains("<doc:\(code.rawValue)>"))
      #expect(code.meaning.hasSuffix("."))
    }
  }
}
