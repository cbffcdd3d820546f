internal import TinkerData

/// The section of one example.
struct HTMLExample {
  let entry: HTMLPage.Entry
  let index: Int
  let selection: TerminalView.Selection
  /// The positions that are pointed at; `nil` for none.
  var marked: Range<Int>?

  private var view: TokenView { entry.view }

  func append(to out: inout String) {
    out += """
      <section class="example" id="e\(index)" aria-label="\(HTML.attribute(entry.title))">
      <header><h2><a href="#e\(index)">\(HTML.text(entry.title))</a></h2>
      """
    if let id = entry.id { out += "<span class=\"id\">\(HTML.text(id))</span>" }
    out += "<span class=\"sum\">\(TerminalView.summary(of: view))</span></header>\n"
    appendStrip(to: &out)
    var tokens = view.tokens[...]
    while let first = tokens.first {
      let message = view.segments[first.segment].message
      let block = tokens.prefix { view.segments[$0.segment].message == message }
      tokens = tokens.dropFirst(block.count)
      if selection == .loss, !block.contains(where: { view.segments[$0.segment].weight > 0 }) {
        continue
      }
      appendMessage(block, message: message, to: &out)
    }
    out += "</section>\n"
  }

  /// A map of the whole example: what is trained, and where.
  private func appendStrip(to out: inout String) {
    out += "<div class=\"strip\" aria-hidden=\"true\">"
    for segment in view.segments where !segment.range.isEmpty {
      out += "<i class=\"\(Self.classes(of: segment))\" style=\"flex:\(segment.range.count)\"></i>"
    }
    out += "</div>\n"
  }

  private func appendMessage(
    _ tokens: ArraySlice<TokenView.Token>, message: Int?, to out: inout String
  ) {
    guard let first = tokens.first else { return }
    let segment = view.segments[first.segment]
    let role = view.role(of: segment) ?? (message == nil ? segment.kind.rawValue : "next")
    let number = message.map { "<span>\($0)</span>" } ?? ""
    out += "<div class=\"message\"><p class=\"who\">\(number)\(HTML.text(role))</p>"
    out += "<p class=\"flow\">"
    var rest = tokens
    var isAtStart = true
    while let first = rest.first {
      let run = rest.prefix { $0.segment == first.segment }
      rest = rest.dropFirst(run.count)
      let segment = view.segments[first.segment]
      if selection == .loss, segment.weight <= 0 {
        out += "<span class=\"gap\">…</span>"
        continue
      }
      appendSegment(run, segment, role: role, isAtStart: isAtStart, to: &out)
      isAtStart = false
    }
    out += "</p></div>\n"
  }

  private func appendSegment(
    _ tokens: ArraySlice<TokenView.Token>, _ segment: Segment, role: String,
    isAtStart: Bool, to out: inout String
  ) {
    let weight = Weights.short(segment.weight)
    let message = segment.message.map { " data-m=\"\($0)\"" } ?? ""
    out += "<span class=\"s \(Self.classes(of: segment))\" data-k=\"\(segment.kind.rawValue)\""
    out += " data-w=\"\(weight)\"\(message) data-r=\"\(HTML.attribute(role))\""
    out += segment.isSampled ? " data-s=\"1\">" : ">"
    for token in tokens {
      let isMarked = marked?.overlaps(token.position..<token.position + token.count) == true
      out += "<span class=\"t\(isMarked ? " mark" : "")\" data-p=\"\(token.position)\""
      if let id = token.id {
        out += " data-i=\"\(id)\""
        if token.hasParts {
          let bytes = token.endingBytes + token.beginningBytes
          out += " data-b=\"\(VisibleText.hexadecimal(bytes))\""
        }
        out += ">" + Self.part(token.endingBytes)
        out += HTML.text(
          token.text, isAtStart: isAtStart && token.position == tokens.first?.position)
        out += Self.part(token.beginningBytes)
      } else {
        out +=
          " data-n=\"\(token.count)\"><b>image · \(token.imageFacts.joined(separator: " · "))</b>"
        if let image = token.image { out += Self.picture(image) }
      }
      out += "</span>"
    }
    out += "</span>"
  }

  /// The picture itself, in the page, so that nothing is loaded from elsewhere.
  private static func picture(_ image: ImageChunk) -> String {
    "<img alt=\"\" width=\"\(image.width)\" height=\"\(image.height)\" "
      + "src=\"data:image/\(image.format.rawValue);base64,\(Base64.encode(image.data))\">"
  }

  private static func part(_ bytes: [UInt8]) -> String {
    bytes.isEmpty ? "" : "<b>\(VisibleText.hexadecimal(bytes))</b>"
  }

  private static func classes(of segment: Segment) -> String {
    var classes = "k-\(segment.kind.rawValue)"
    if segment.weight > 0 { classes += " l" }
    if segment.isContent { classes += " c" }
    return classes
  }
}
