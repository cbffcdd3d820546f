/// An example as text for a terminal: one block for each message, trained tokens on green.
///
/// Nothing of the data reaches the terminal as a control character.
public struct TerminalView: Sendable {
  /// Which tokens are shown.
  public enum Selection: String, Sendable, CaseIterable {
    /// Every token.
    case all
    /// The tokens with a weight above 0; gaps are marked.
    case loss
  }

  /// Whether colours are used; otherwise brackets stand around trained runs.
  public var usesColor: Bool
  /// The columns of the terminal.
  public var width: Int
  /// Whether each token gets a line of its own with position, id, weight, kind and message.
  public var listsTokens: Bool
  /// Which tokens are shown.
  public var selection: Selection

  /// A view; without arguments for a pipe.
  public init(
    usesColor: Bool = false, width: Int = 100, listsTokens: Bool = false,
    selection: Selection = .all
  ) {
    self.usesColor = usesColor
    self.width = max(width, 40)
    self.listsTokens = listsTokens
    self.selection = selection
  }

  /// The text of one example, with a line feed at its end.
  ///
  /// - Parameters:
  ///   - view: The example.
  ///   - title: What stands above it, for example its place in the file.
  /// - Returns: The text, ready to be written.
  public func text(of view: TokenView, title: String) -> String {
    var painter = TerminalPainter(usesColor: usesColor, width: width)
    painter.heading(VisibleText.flat(title), Self.summary(of: view))
    if listsTokens { list(view, to: &painter) } else { flow(view, to: &painter) }
    return painter.finish()
  }

  /// What the colours mean, in one line.
  public var legend: String {
    var painter = TerminalPainter(usesColor: usesColor, width: width)
    painter.legend()
    return painter.finish()
  }

  /// `57 tokens, 23 trained (40 %)`
  static func summary(of view: TokenView) -> String {
    let share = view.count == 0 ? 0 : (view.trainedCount * 200 / view.count + 1) / 2
    let tokens = view.count == 1 ? "token" : "tokens"
    return "\(view.count) \(tokens), \(view.trainedCount) trained (\(share) %)"
  }

  private func shows(_ segment: Segment) -> Bool {
    switch selection {
    case .all: true
    case .loss: segment.weight > 0
    }
  }

  private func flow(_ view: TokenView, to painter: inout TerminalPainter) {
    var message: Int?? = .none
    var hasGap = false
    for (index, token) in view.tokens.enumerated() {
      let segment = view.segments[token.segment]
      guard shows(segment) else {
        hasGap = true
        continue
      }
      if message != .some(segment.message) {
        message = .some(segment.message)
        painter.beginBlock(label(of: segment, in: view))
        hasGap = false
      }
      if hasGap { painter.gap() }
      hasGap = false
      painter.token(token, of: segment, isOdd: index % 2 == 1)
    }
    painter.endBlock()
  }

  private func label(of segment: Segment, in view: TokenView) -> String {
    guard let message = segment.message else { return segment.kind.rawValue }
    return "\(message) " + VisibleText.flat(view.role(of: segment) ?? "next")
  }

  private func list(_ view: TokenView, to painter: inout TerminalPainter) {
    painter.row(["position", "id", "weight", "kind", "message", "text"], style: .quiet)
    for token in view.tokens {
      let segment = view.segments[token.segment]
      guard shows(segment) else { continue }
      painter.row(
        [
          String(token.position), token.id.map { String($0) } ?? "×\(token.count)",
          Weights.short(segment.weight), segment.kind.rawValue,
          segment.message.map { String($0) } ?? "", "",
        ], style: .plain, ending: (token, segment))
    }
  }
}
