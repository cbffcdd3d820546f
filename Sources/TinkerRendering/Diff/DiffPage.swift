/// A comparison as one page of HTML that needs nothing else, side by side.
public struct DiffPage: Sendable {
  private let diff: RenderingDiff
  private let title: String

  /// Equal tokens that are shown around what differs.
  private static let context = 16

  /// A page.
  public init(_ diff: RenderingDiff, title: String) {
    self.diff = diff
    self.title = title
  }

  /// The whole page.
  public func html() -> String {
    var out = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(HTML.text(title)) · tinkerkit</title>
      <style>\(HTMLStyle.sheet)\(Self.sheet)</style>
      </head>
      <body>
      <header class="top">
      <p class="brand">tinkerkit <span>diff</span></p>
      <h1>\(HTML.text(title))</h1>
      <dl class="facts">

      """
    var facts = [
      ("left", diff.names.left), ("right", diff.names.right),
      ("compared", HTML.grouped(diff.compared)), ("equal", HTML.grouped(diff.equal)),
      ("different", HTML.grouped(diff.different)),
    ]
    for kind in ExampleDiff.Kind.allCases {
      if let count = diff.counts[kind] { facts.append((kind.rawValue, HTML.grouped(count))) }
    }
    for (name, value) in facts {
      out += "<div><dt>\(HTML.text(name))</dt><dd>\(HTML.text(value))</dd></div>\n"
    }
    out += "</dl>\n</header>\n<main>\n"
    if diff.findings.isEmpty { out += "<p class=\"note\">Nothing differs.</p>\n" }
    for (index, finding) in diff.findings.enumerated() { append(finding, index, to: &out) }
    return out + "</main>\n</body>\n</html>\n"
  }

  private func append(_ finding: RenderingDiff.Finding, _ index: Int, to out: inout String) {
    out += """
      <section class="example" id="d\(index)">
      <header><h2><a href="#d\(index)">\(HTML.text(finding.place))</a></h2>\
      <span class="id">\(finding.kind.rawValue)</span>
      """
    if let compared = finding.diff {
      let message = compared.message.map { ", message \($0)" } ?? ""
      out += "<span class=\"sum\">first at token \(compared.position)\(message)</span>"
    }
    out += "</header>\n"
    if let note = finding.note { out += "<p class=\"note\">\(HTML.text(note))</p>\n" }
    if let compared = finding.diff { append(compared, to: &out) }
    out += "</section>\n"
  }

  /// Rows of equal and of different stretches, the left side beside the right.
  private func append(_ compared: ExampleDiff, to out: inout String) {
    out += "<div class=\"pair\"><p class=\"side\">\(HTML.text(diff.names.left))</p>"
    out += "<p class=\"side\">\(HTML.text(diff.names.right))</p>\n"
    var (left, right) = (0, 0)
    for (index, hunk) in Self.joined(compared.hunks).enumerated() {
      let equal = [
        Self.equal(compared.left, left..<hunk.left.lowerBound, isFirst: index == 0, isLast: false),
        Self.equal(
          compared.right, right..<hunk.right.lowerBound, isFirst: index == 0, isLast: false),
      ]
      out += "<p class=\"flow\">\(equal[0])</p><p class=\"flow\">\(equal[1])</p>\n"
      out += "<p class=\"flow changed\">\(Self.changed(compared.left[hunk.left]))</p>"
      out += "<p class=\"flow changed\">\(Self.changed(compared.right[hunk.right]))</p>\n"
      (left, right) = (hunk.left.upperBound, hunk.right.upperBound)
    }
    let rest = [
      Self.equal(compared.left, left..<compared.left.count, isFirst: false, isLast: true),
      Self.equal(compared.right, right..<compared.right.count, isFirst: false, isLast: true),
    ]
    if left < compared.left.count {
      out += "<p class=\"flow\">\(rest[0])</p><p class=\"flow\">\(rest[1])</p>\n"
    }
    out += "</div>\n"
  }

  /// A stretch that is equal on both sides, with its middle left out if it is long.
  private static func equal(
    _ tokens: [DiffToken], _ range: Range<Int>, isFirst: Bool, isLast: Bool
  ) -> String {
    let head = isFirst ? 0 : context
    let tail = isLast ? 0 : context
    if range.count <= head + tail + 1 { return Self.tokens(tokens[range]) }
    let gap = "<span class=\"gap\">… \(range.count - head - tail) equal …</span>"
    return Self.tokens(tokens[range].prefix(head)) + gap + Self.tokens(tokens[range].suffix(tail))
  }

  /// Stretches with only a token or two between them, as one.
  private static func joined(_ hunks: [ExampleDiff.Hunk]) -> [ExampleDiff.Hunk] {
    var out: [ExampleDiff.Hunk] = []
    for hunk in hunks {
      if let last = out.last, hunk.left.lowerBound - last.left.upperBound < 3 {
        out[out.count - 1] = ExampleDiff.Hunk(
          left: last.left.lowerBound..<hunk.left.upperBound,
          right: last.right.lowerBound..<hunk.right.upperBound)
      } else {
        out.append(hunk)
      }
    }
    return out
  }

  private static func changed(_ tokens: ArraySlice<DiffToken>) -> String {
    tokens.isEmpty ? "<span class=\"gap\">nothing</span>" : Self.tokens(tokens)
  }

  private static func tokens(_ tokens: ArraySlice<DiffToken>) -> String {
    var out = ""
    for token in tokens {
      let classes = "s" + (token.weight > 0 ? " l" : "") + (token.isContent ? " c" : "")
      let id = token.id.map { "id \($0), " } ?? ""
      out +=
        "<span class=\"\(classes)\"><span class=\"t\" title=\"\(id)weight \(Weights.short(token.weight))\">"
      if token.id == nil {
        out += "<b>image</b>"
      } else if let text = String(validating: token.bytes, as: UTF8.self) {
        out += HTML.text(text)
      } else {
        out += "<b>\(VisibleText.hexadecimal(token.bytes))</b>"
      }
      out += "</span></span>"
    }
    return out
  }

  private static let sheet = """
    .pair { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); margin-top: .8rem;
      border: 1px solid var(--rule); border-radius: 6px; overflow: hidden; background: var(--card); }
    .pair > p { padding: .35rem .9rem; }
    .pair > p:nth-child(even) { border-left: 1px solid var(--rule); }
    .pair .side { font: .8rem var(--mono); color: var(--quiet); border-bottom: 1px solid var(--rule);
      background: var(--shade); overflow-wrap: anywhere; }
    .pair .changed { background: color-mix(in srgb, var(--tool) 13%, transparent);
      box-shadow: inset 3px 0 0 var(--tool); }
    .note { color: var(--quiet); margin-top: .6rem; overflow-wrap: anywhere; }
    .flow { white-space: pre-wrap; overflow-wrap: anywhere; font-family: var(--mono);
      font-size: .84rem; min-height: .5rem; }
    """
}
