import Testing
import TinkerData
import TinkerRendering
import TinkerTokenizer

@Suite struct TokenViewTests {
  private func view(_ text: String) throws -> (TokenView, [UInt32]) {
    let tokenizer = try Fixture.tokenizer("tiny-qwen3")
    let ids = tokenizer.encode(text)
    let example = SupervisedExample(
      tokens: ids,
      segments: [
        Segment(
          range: 0..<ids.count, message: 0, kind: .content, weight: 1, isContent: true)
      ])
    return (TokenView(of: example, messages: [.user(text)], tokenizer: tokenizer), ids)
  }

  @Test(arguments: [
    "Hello, world!", "Zürich 天气 🌦️ é́", "\u{1B}[31m\t\r\n", "<|im_end|><think>", "\u{FFFD}\u{0}",
    "𓀀𓀁 ﷽ ‮abc",
  ])
  func textsAddUp(text: String) throws {
    let (view, ids) = try view(text)
    #expect(view.tokens.map(\.id) == ids)
    #expect(view.tokens.map(\.position) == Array(0..<ids.count))
    // The normal form of the tokenizer may change the text; what it decodes to is what is shown.
    let decoded = try Fixture.tokenizer("tiny-qwen3").decode(ids)
    #expect(view.tokens.map(\.text).joined() == decoded)
    #expect(view.trainedCount == view.count)
  }

  @Test func namesPartsOfCharacters() throws {
    let (view, _) = try view("气")
    #expect(view.tokens.map(\.text) == ["", "", "气"])
    #expect(view.tokens.map(\.beginningBytes) == [[0xE6], [], []])
    #expect(view.tokens.map(\.endingBytes) == [[], [0xB0], [0x94]])
    #expect(view.tokens.allSatisfy { $0.hasParts })
    let plain = try Fixture.view(of: "ab")
    #expect(plain.tokens.allSatisfy { !$0.hasParts })
  }

  @Test func showsAnImageOnce() throws {
    let example = SupervisedExample(
      tokens: [0, 0, 0, 39],
      segments: [
        Segment(range: 0..<3, message: 0, kind: .image),
        Segment(range: 3..<4, message: 0, kind: .content),
      ],
      images: [
        ImageChunk(
          data: [1, 2, 3], format: .png, expectedTokens: 3, width: 4, height: 5,
          grid: ImageChunk.PatchGrid(rows: 2, columns: 6))
      ])
    let view = TokenView(
      of: example, messages: [.user("H")], tokenizer: try Fixture.tokenizer("tiny-qwen3"))
    #expect(view.tokens.count == 2)
    #expect(view.count == 4)
    let text = TerminalView().text(of: view, title: "x")
    #expect(text.contains("‹image: 3 positions, 4×5 pixels, 6×2 patches›H"))
    let page = HTMLPage(title: "x", entries: [HTMLPage.Entry(title: "x", view: view)]).html()
    #expect(page.contains("image · 3 positions · 4×5 pixels · 6×2 patches"))
    #expect(page.contains("src=\"data:image/png;base64,AQID\""))
  }

  @Test func keepsTitlesHarmless() throws {
    let (view, _) = try view("a")
    let title = "</title><script>\u{1B}[2J\n\"&"
    let text = TerminalView(usesColor: false).text(of: view, title: title)
    #expect(!text.contains("\u{1B}"))
    #expect(text.split(separator: "\n").count == 2)
    let page = HTMLPage(
      title: title, facts: [("<b>", title)],
      entries: [HTMLPage.Entry(title: title, id: title, view: view)]
    ).html()
    #expect(!page.contains("<script>\u{1B}"))
    #expect(!page.contains("</title><script>"))
    #expect(page.matches(of: /<script>/).count == 1)
  }

  @Test func wrapsAtTheWidth() throws {
    let (view, _) = try view(String(repeating: "天 word ", count: 60))
    let text = TerminalView(width: 60).text(of: view, title: "x")
    // Wide characters take two columns.
    let widths = text.split(separator: "\n").dropFirst().map { line in
      line.reduce(0) { $0 + ($1 == "天" ? 2 : 1) }
    }
    #expect(widths.allSatisfy { $0 <= 61 })
    #expect(widths.count > 5)
  }
}

extension Fixture {
  fileprivate static func view(of text: String) throws -> TokenView {
    let tokenizer = try tokenizer("tiny-qwen3")
    let ids = tokenizer.encode(text)
    let example = SupervisedExample(
      tokens: ids, segments: [Segment(range: 0..<ids.count, message: 0, kind: .content)])
    return TokenView(of: example, messages: [], tokenizer: tokenizer)
  }
}
