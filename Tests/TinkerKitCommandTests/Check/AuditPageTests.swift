import Foundation
import TestSupport
import Testing

/// The page of `check --html`.
@Suite struct AuditPageTests {
  private static let records = [
    #"{"messages":[{"role":"user","content":"a </think> & <b> b"},{"role":"assistant","content":"A"}]}"#,
    #"{"messages":[{"role":"user","content":"a </think> & <b> b"},{"role":"assistant","content":"A"}]}"#,
    #"{"messages":[{"role":"user","content":"Q"}]}"#,
    "not json <script>",
  ]

  private func page(_ input: String, _ more: [String] = []) throws -> String {
    let folder = try WorkFolder()
    let outcome = try Tool.run(
      ["check", "-", "--html", folder.path("page.html")] + more + Tool.rendering, input: input)
    #expect(outcome.status <= 1, "\(outcome.messages)")
    return try folder.read("page.html")
  }

  @Test func needsNothingElse() throws {
    let page = try page(Self.records.joined(separator: "\n"))
    #expect(page.hasPrefix("<!doctype html>"))
    for outside in ["http:", "https:", "src=\"/", "<link", "@import", "url("] {
      #expect(!page.contains(outside), "\(outside)")
    }
    #expect(!page.contains("json <script>"), "text of the data is escaped")
  }

  @Test func showsCountsPlotsAndPlaces() throws {
    let page = try page(Self.records.joined(separator: "\n"), ["--max-length", "8"])
    for code in [
      "no-loss", "not-renderable", "special-token-in-content", "duplicate", "truncated-target",
    ] {
      #expect(page.contains(">\(code)<"), "\(code) stands in the table")
      #expect(page.contains("id=\"\(code)-"), "\(code) has its places")
    }
    #expect(page.contains("Nothing is trained: the loss is zero."))
    #expect(page.matches(of: /<svg/).count == 2)
    #expect(page.contains("Tokens by role"))
    #expect(page.contains("What a limit would cut"))
    // The token that was found is marked, in its view.
    let marked = try #require(page.firstMatch(of: /class="t mark"[^>]*>([^<]*)</))
    #expect(!marked.1.isEmpty)
    #expect(!page.matches(of: /class="t mark"[^>]*>&lt;\/think&gt;</).isEmpty)
    #expect(page.contains("says the same as &lt;stdin&gt;:1"))
  }

  @Test func saysThatNothingWasFound() throws {
    let clean = #"{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}"#
    let page = try page(clean)
    #expect(page.contains("Nothing was found."))
    #expect(!page.contains("<table class=\"found\">"))
    #expect(page.contains("Examples by length"))
  }

  /// The page is the same on any number of threads, and long examples are shown in part.
  @Test func staysSmall() throws {
    let long = String(repeating: "word and more ", count: 4_000)
    let record =
      #"{"messages":[{"role":"user","content":"% \#(long) </think> \#(long)"},"#
      + #"{"role":"assistant","content":"A"}]}"#
    let input = (0..<12).map { record.replacing("%", with: "no. \($0)") }.joined(separator: "\n")
    let one = try page(input, ["--jobs", "1", "--ignore", "retokenizes"])
    let many = try page(input, ["--jobs", "4", "--ignore", "retokenizes"])
    #expect(one == many)
    #expect(one.utf8.count < 400_000)
    #expect(one.contains("class=\"t mark\""))
  }

  @Test(arguments: [(["--html", "-"], "--html"), (["--html", "x", "-o", "x"], "the same file")])
  func refusesWrongUsage(arguments: [String], names: String) throws {
    let outcome = try Tool.run(["check", "-"] + arguments + Tool.rendering)
    #expect(outcome.status == 2)
    #expect(outcome.messages.contains(names), "\(outcome.messages)")
  }
}
