/// Puts styled text into lines of a terminal, with a margin for the names of the messages.
struct TerminalPainter {
  /// The looks of text. Trained text brings its own two colours, so that it reads on light and dark
  /// terminals alike; everything else uses the terminal's.
  enum Style: String {
    case plain = ""
    case quiet = "2"
    case bold = "1"
    case thinking = "3"
    case trainedEven = "38;5;231;48;5;28"
    case trainedOdd = "38;5;231;48;5;22"
    case trainedMarkEven = "1;38;5;229;48;5;28"
    case trainedMarkOdd = "1;38;5;229;48;5;22"
  }

  private static let margin = 14

  private let usesColor: Bool
  private let width: Int
  private var out = ""
  private var column = 0
  private var style = Style.plain
  private var isInTrained = false
  private var isAtBlockStart = false

  init(usesColor: Bool, width: Int) {
    self.usesColor = usesColor
    self.width = width
  }

  // MARK: Parts of a view

  mutating func heading(_ title: String, _ summary: String) {
    write(title, .bold)
    write("  " + summary, .quiet)
    lineFeed(margin: 0)
  }

  mutating func beginBlock(_ label: String) {
    endBlock()
    let cells = "  " + label
    let padding = max(1, Self.margin - TextWidth.columns(of: cells))
    write(cells, .quiet)
    write(String(repeating: " ", count: padding), .plain)
    column = max(column, Self.margin)
    isAtBlockStart = true
  }

  mutating func endBlock() {
    leaveTrained()
    if column > 0 { lineFeed(margin: 0) }
  }

  mutating func gap() {
    leaveTrained()
    write(" … ", .quiet)
  }

  mutating func token(_ token: TokenView.Token, of segment: Segment, isOdd: Bool) {
    let isTrained = segment.weight > 0
    if !usesColor, isTrained != isInTrained {
      if isTrained { write("⟦", .plain) } else { write("⟧", .plain) }
      isInTrained = isTrained
    }
    let style = Self.style(of: segment, isOdd: isOdd)
    for piece in Self.pieces(of: token) {
      switch piece {
      case .plain(let text): wrap(text, style)
      case .tab: wrap("⇥", isTrained ? style : .quiet)
      case .lineFeed:
        wrap("↵", isTrained ? style : .quiet)
        // The line feed between two messages belongs to the second; its line needs no change.
        if !isAtBlockStart { lineFeed(margin: Self.margin) }
      case .hidden(let scalar):
        wrap("‹\(VisibleText.name(of: scalar))›", isTrained ? style : .quiet)
      }
      isAtBlockStart = false
    }
  }

  mutating func row(
    _ cells: [String], style: Style, ending: (token: TokenView.Token, segment: Segment)? = nil
  ) {
    let widths = [10, 9, 8, 11, 9]
    for (index, cell) in cells.enumerated() {
      let isNumber = index < 3
      let padding = String(
        repeating: " ", count: index < widths.count ? max(1, widths[index] - cell.utf8.count) : 0)
      write(isNumber ? padding + cell : (index == 3 ? "  " : "") + cell + padding, style)
    }
    if let (token, segment) = ending {
      let look = Self.style(of: segment, isOdd: token.position % 2 == 1)
      write(Self.pieces(of: token).map(\.inOneLine).joined(), look)
    }
    lineFeed(margin: 0)
  }

  mutating func legend() {
    write("trained", .trainedEven)
    write(" text of the data  ", .quiet)
    write("trained", .trainedMarkEven)
    write(" text of the template  ", .quiet)
    write("plain", .plain)
    write(" not trained, data  ", .quiet)
    write("faint", .quiet)
    write(" not trained, template", .quiet)
    lineFeed(margin: 0)
  }

  consuming func finish() -> String {
    endBlock()
    return out
  }

  // MARK: Text

  private static func style(of segment: Segment, isOdd: Bool) -> Style {
    if segment.weight > 0 {
      if segment.isContent { return isOdd ? .trainedOdd : .trainedEven }
      return isOdd ? .trainedMarkOdd : .trainedMarkEven
    }
    if !segment.isContent { return .quiet }
    return segment.kind == .thinking ? .thinking : .plain
  }

  private static func pieces(of token: TokenView.Token) -> [VisibleText.Piece] {
    if token.id == nil { return [.plain("‹image: \(token.imageFacts.joined(separator: ", "))›")] }
    let pieces = VisibleText.pieces(of: token.text)
    if !token.hasParts { return pieces }
    func part(_ bytes: [UInt8]) -> [VisibleText.Piece] {
      bytes.isEmpty ? [] : [.plain("‹\(VisibleText.hexadecimal(bytes))›")]
    }
    return part(token.endingBytes) + pieces + part(token.beginningBytes)
  }

  private mutating func leaveTrained() {
    if isInTrained { write("⟧", .plain) }
    isInTrained = false
  }

  /// Writes text; a piece goes to the next line if it fits there and not here.
  private mutating func wrap(_ text: String, _ style: Style) {
    let columns = TextWidth.columns(of: text)
    if column + columns > width, Self.margin + columns <= width { lineFeed(margin: Self.margin) }
    for character in text {
      let columns = TextWidth.columns(of: character)
      if column + columns > width { lineFeed(margin: Self.margin) }
      write(String(character), style, columns: columns)
    }
  }

  private mutating func write(_ text: String, _ style: Style) {
    write(text, style, columns: TextWidth.columns(of: text))
  }

  private mutating func write(_ text: String, _ style: Style, columns: Int) {
    select(style)
    out += text
    column += columns
  }

  private mutating func select(_ style: Style) {
    guard usesColor, style != self.style else { return }
    out += "\u{1B}[0m"
    if style != .plain { out += "\u{1B}[\(style.rawValue)m" }
    self.style = style
  }

  private mutating func lineFeed(margin: Int) {
    // Colours end with the line: some terminals paint the rest of it otherwise.
    select(.plain)
    out += "\n"
    column = margin
    out += String(repeating: " ", count: margin)
  }
}

extension VisibleText {
  /// A text for a title or a cell: everything visible, on one line.
  package static func flat(_ text: String) -> String { pieces(of: text).map(\.inOneLine).joined() }
}

extension VisibleText.Piece {
  /// The piece without a change of line.
  var inOneLine: String {
    switch self {
    case .plain(let text): text
    case .lineFeed: "↵"
    case .tab: "⇥"
    case .hidden(let scalar): "‹\(VisibleText.name(of: scalar))›"
    }
  }
}
