/// Examples as one page of HTML that needs nothing else: no network, no other file.
///
/// A token shows its id, text, weight, kind and message under the pointer and under the keyboard's
/// focus. `#e0t12` after the page's address goes to token 12 of the first example.
public struct HTMLPage: Sendable {
  /// An example with what stands above it.
  public struct Entry: Sendable {
    /// The place of the record, for example `data.jsonl:17`.
    public var title: String
    /// The record's id, if it has one.
    public var id: String?
    /// The example.
    public var view: TokenView

    /// An entry.
    public init(title: String, id: String? = nil, view: TokenView) {
      self.title = title
      self.id = id
      self.view = view
    }
  }

  /// What the page is called.
  public var title: String
  /// What is true of all examples: renderer, tokenizer and so on.
  public var facts: [(name: String, value: String)]
  /// The examples in order.
  public var entries: [Entry]
  /// Which tokens are shown.
  public var selection: TerminalView.Selection

  /// A page.
  public init(
    title: String, facts: [(name: String, value: String)] = [], entries: [Entry] = [],
    selection: TerminalView.Selection = .all
  ) {
    self.title = title
    self.facts = facts
    self.entries = entries
    self.selection = selection
  }

  /// The whole page.
  public func html() -> String {
    let count = entries.reduce(0) { $0 + $1.view.count }
    let trained = entries.reduce(0) { $0 + $1.view.trainedCount }
    let share = count == 0 ? 0 : (trained * 200 / count + 1) / 2
    var out = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(HTML.text(title)) · tinkerkit</title>
      <style>\(HTMLStyle.sheet)</style>
      </head>
      <body\(selection == .loss ? " class=\"only-loss\"" : "")>
      <header class="top">
      <p class="brand">tinkerkit <span>show</span></p>
      <h1>\(HTML.text(title))</h1>
      <dl class="facts">

      """
    let numbers = [
      ("examples", HTML.grouped(entries.count)), ("tokens", HTML.grouped(count)),
      ("trained", "\(HTML.grouped(trained)) (\(share) %)"),
    ]
    for (name, value) in facts.map({ ($0.name, HTML.text($0.value)) }) + numbers {
      out += "<div><dt>\(HTML.text(name))</dt><dd>\(value)</dd></div>\n"
    }
    out += "</dl>\n\(Self.legend)</header>\n<main>\n"
    for (index, entry) in entries.enumerated() {
      HTMLExample(entry: entry, index: index, selection: selection).append(to: &out)
    }
    out += """
      </main>
      <aside id="tip" role="status" aria-live="polite" hidden></aside>
      <script>\(HTMLScript.source)</script>
      </body>
      </html>

      """
    return out
  }

  static let legend = """
    <div class="legend">
    <ul>
    <li><span class="s l c"><span class="t">trained</span></span> text of the data</li>
    <li><span class="s l"><span class="t">trained</span></span> text of the template</li>
    <li><span class="s c"><span class="t">context</span></span> text of the data</li>
    <li><span class="s"><span class="t">context</span></span> text of the template</li>
    </ul>
    <p class="keys"><kbd>←</kbd> <kbd>→</kbd> token <kbd>↑</kbd> <kbd>↓</kbd> message \
    <kbd>Esc</kbd> close</p>
    </div>

    """
}

/// The few things that HTML asks of text.
package enum HTML {
  /// Text with the characters replaced that HTML gives a meaning.
  ///
  /// A line feed at the start changes no line if `isAtStart`: it is what a template puts between two
  /// messages, and the second already has a line of its own.
  package static func text(_ text: String, isAtStart: Bool = false) -> String {
    var out = ""
    for (index, piece) in VisibleText.pieces(of: text).enumerated() {
      switch piece {
      case .plain(let plain): out += escaped(plain)
      case .lineFeed: out += index == 0 && isAtStart ? "<i>↵</i>" : "<i>↵</i>\n"
      case .tab: out += "<i>⇥</i>\t"
      case .hidden(let scalar): out += "<b>\(VisibleText.name(of: scalar))</b>"
      }
    }
    return out
  }

  /// Text for an attribute in double quotes, on one line.
  package static func attribute(_ text: String) -> String { escaped(VisibleText.flat(text)) }

  /// `12,345`: a comma for thousands.
  package static func grouped(_ number: Int) -> String {
    let digits = String(number)
    var out = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { out += "," }
      out.append(digit)
    }
    return out
  }

  private static func escaped(_ text: String) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): out.append(contentsOf: "&amp;".utf8)
      case UInt8(ascii: "<"): out.append(contentsOf: "&lt;".utf8)
      case UInt8(ascii: ">"): out.append(contentsOf: "&gt;".utf8)
      case UInt8(ascii: "\""): out.append(contentsOf: "&quot;".utf8)
      default: out.append(byte)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
