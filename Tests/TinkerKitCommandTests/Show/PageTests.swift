import Foundation
import TestSupport
import Testing
import TinkerJSON

@Suite struct PageTests {
  private func page(_ more: [String] = []) throws -> String {
    let outcome = try Tool.run(
      ["show", "-", "--html", "-", "--expand", "none"] + more + Tool.rendering,
      input: ShowTests.guises)
    #expect(outcome.status == 0, "\(outcome.messages)")
    return outcome.text
  }

  @Test func holdsEveryToken() throws {
    let page = try page()
    let rendered = try Tool.run(
      ["render", "-", "--format", "tokens", "--expand", "none"] + Tool.rendering,
      input: ShowTests.guises)
    let example = try JSONValue.parse(rendered.text.trimmingCharacters(in: .newlines))
    let ids = page.matches(of: /data-p="(\d+)" data-i="(\d+)"/)
    #expect(ids.map { Int($0.1) } == (0..<ids.count).map { $0 })
    #expect(ids.map { Int($0.2) } == example["tokens"]?.array?.map(\.int))
  }

  @Test func needsNothingElse() throws {
    let page = try page()
    for pattern in ["src=", "href=\"http", "@import", "url(", "<link"] {
      #expect(!page.contains(pattern))
    }
  }

  @Test func keepsTheDataOutOfTheMarkup() throws {
    let page = try page()
    #expect(!page.contains("<b>Take"))
    #expect(!page.contains("\u{1B}"))
    #expect(page.contains("<b>U+001B</b>"))
    #expect(page.contains("&amp;"))
  }

  @Test func showsOnlyWhatIsTrained() throws {
    let page = try page(["--only", "loss"])
    #expect(!page.contains("Zürich?"))
    #expect(page.matches(of: /data-w="0"/).isEmpty)
  }

  private static let browser = ["chromium", "chromium-browser", "google-chrome", "chrome"]
    .flatMap { name in
      (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { "\($0)/\(name)" }
    }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// The page after a browser has run it, opened at an address.
  private func document(_ page: String, at address: String) throws -> String {
    let folder = try WorkFolder()
    let file = try folder.write(page, to: "page.html")
    let browser = try #require(Self.browser)
    let outcome = try BuiltCommand.shell(
      """
      \(browser) --headless --no-sandbox --disable-gpu --user-data-dir=\(folder.path)/profile \
        --virtual-time-budget=2000 --dump-dom 'file://\(file)\(address)' 2>/dev/null
      """, in: Places.package)
    return outcome.text
  }

  @Test(
    .enabled(if: browser != nil, "no Chromium: apt-get install chromium"),
    .timeLimit(.minutes(2)))
  func worksInABrowser() throws {
    let page = try page()
    let token = try #require(
      page.firstMatch(of: /data-w="1" data-m="(\d)".*?data-p="(\d+)" data-i="(\d+)">([^<]+)</))
    let document = try document(page, at: "#e0t\(token.2)")
    let card = try #require(document.firstMatch(of: /<aside id="tip".*?<\/aside>/)?.output)
    #expect(!card.contains("hidden"), "the address of a token opens its card")
    for part in [
      "<dt>id</dt><dd>\(token.3)</dd>", "<dt>position</dt><dd>\(token.2)</dd>",
      "<dt>weight</dt><dd>1</dd>", "<dt>message</dt><dd>\(token.1) · assistant</dd>",
      "<dt>kind</dt>", ">\(token.4.replacing(" ", with: "␣"))</p>",
    ] { #expect(card.contains(part), "\(part) in \(card)") }
    #expect(document.contains(#"aria-describedby="tip""#), "the focused token names its card")
    #expect(document.matches(of: /tabindex="0"/).count == 1, "one token is in the tab order")
    #expect(document.matches(of: /class="t[ "]/).count >= page.matches(of: /data-p="/).count)
  }
}
