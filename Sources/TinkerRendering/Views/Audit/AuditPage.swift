/// What an audit found as one page of HTML that needs nothing else: counts, plots, and the first places
/// of each finding with their tokens.
public struct AuditPage: Sendable {
  /// A finding, and the example that has it.
  public struct Offender: Sendable {
    /// What was found.
    public var finding: Finding
    /// The example; `nil` where the record gives none.
    public var view: TokenView?
    /// The message of the example that the finding names.
    public var message: Int?

    /// An offender.
    public init(_ finding: Finding, view: TokenView? = nil, message: Int? = nil) {
      self.finding = finding
      self.view = view
      self.message = message
    }
  }

  /// All findings of a code and a severity.
  public struct Group: Sendable {
    /// The code.
    public var code: FindingCode
    /// The severity.
    public var severity: FindingSeverity
    /// How many there are.
    public var count: Int
    /// The first of them.
    public var offenders: [Offender]

    /// A group.
    public init(
      code: FindingCode, severity: FindingSeverity, count: Int, offenders: [Offender]
    ) {
      self.code = code
      self.severity = severity
      self.count = count
      self.offenders = offenders
    }
  }

  /// The most tokens of an example that are shown; more would hide what was found.
  public static let shownTokens = 320

  /// What the page is called.
  public var title: String
  /// What is true of all examples: renderer, tokenizer and so on.
  public var facts: [(name: String, value: String)]
  /// The findings, the gravest first.
  public var groups: [Group]
  /// What was counted.
  public var statistics: AuditStatistics
  /// One of how many conversations was compared with the others.
  public var sampledShare: Int

  /// A page.
  public init(
    title: String, facts: [(name: String, value: String)] = [], groups: [Group],
    statistics: AuditStatistics, sampledShare: Int = 1
  ) {
    self.title = title
    self.facts = facts
    self.groups = groups
    self.statistics = statistics
    self.sampledShare = sampledShare
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
      <title>\(HTML.text(title)) · tinkerkit check</title>
      <style>\(HTMLStyle.sheet)\(AuditStyle.sheet)</style>
      </head>
      <body>
      <header class="top">
      <p class="brand">tinkerkit <span>check</span></p>
      <h1>\(HTML.text(title))</h1>
      <dl class="facts">

      """
    let total = statistics.total
    let share = total.tokens == 0 ? 0 : (total.trained * 200 / total.tokens + 1) / 2
    let numbers = [
      ("conversations", HTML.grouped(statistics.conversations)),
      ("examples", HTML.grouped(statistics.examples)),
      ("tokens", HTML.grouped(total.tokens)),
      ("trained", "\(HTML.grouped(total.trained)) (\(share) %)"),
    ]
    for (name, value) in facts.map({ ($0.name, HTML.text($0.value)) }) + numbers {
      out += "<div><dt>\(HTML.text(name))</dt><dd>\(value)</dd></div>\n"
    }
    out += "</dl>\n</header>\n<main>\n"
    appendTable(to: &out)
    AuditPlots(statistics: statistics).append(to: &out)
    if groups.contains(where: { $0.offenders.contains { $0.view != nil } }) {
      out += HTMLPage.legend
    }
    var number = 0
    for group in groups where !group.offenders.isEmpty { append(group, &number, to: &out) }
    out += """
      </main>
      <aside id="tip" role="status" aria-live="polite" hidden></aside>
      <script>\(HTMLScript.source)</script>
      </body>
      </html>

      """
    return out
  }

  // MARK: The table

  private func appendTable(to out: inout String) {
    if groups.isEmpty {
      out += "<p class=\"clean\">Nothing was found.</p>\n"
    } else {
      out += """
        <table class="found">
        <thead><tr><th>finding</th><th class="n">places</th><th>what it means</th></tr></thead>
        <tbody>

        """
      for group in groups {
        let code = group.code.rawValue
        let name =
          group.offenders.isEmpty ? code : "<a href=\"#\(Self.anchor(group))\">\(code)</a>"
        out += """
          <tr class="\(group.severity.rawValue)"><th scope="row">\(name) \
          <span class="severity">\(group.severity.rawValue)</span></th>\
          <td class="n">\(HTML.grouped(group.count))</td><td>\(HTML.text(group.code.meaning))</td></tr>

          """
      }
      out += "</tbody></table>\n"
    }
    if sampledShare > 1 {
      out +=
        "<p class=\"remark\">Duplicates were looked for among one conversation of "
        + "\(sampledShare).</p>\n"
    }
  }

  private static func anchor(_ group: Group) -> String {
    "\(group.code.rawValue)-\(group.severity.rawValue)"
  }

  // MARK: The places

  private func append(_ group: Group, _ number: inout Int, to out: inout String) {
    let more = group.count - group.offenders.count
    out += """
      <section class="group \(group.severity.rawValue)" id="\(Self.anchor(group))">
      <h2>\(group.code.rawValue) <span class="severity">\(group.severity.rawValue)</span></h2>
      <p class="means">\(HTML.text(group.code.meaning))</p>

      """
    for offender in group.offenders {
      let place = offender.finding.place.description
      guard let view = offender.view else {
        out +=
          "<p class=\"offender\"><b>\(HTML.text(place))</b> "
          + "\(HTML.text(offender.finding.message))</p>\n"
        continue
      }
      out += "<p class=\"offender\">\(HTML.text(offender.finding.message))</p>\n"
      let marked = offender.finding.place.tokens
      let shown = view.excerpt(
        of: Self.shownTokens, around: marked, orMessage: offender.message)
      HTMLExample(
        entry: HTMLPage.Entry(title: place, view: shown), index: number, selection: .all,
        marked: marked
      ).append(to: &out)
      number += 1
    }
    if more > 0 {
      out += "<p class=\"remark\">\(HTML.grouped(more)) more.</p>\n"
    }
    out += "</section>\n"
  }
}

extension TokenView {
  /// Some of the tokens: around a part of them, or where there is none, from the beginning. The
  /// segments stay, so that what is said of the whole stays true.
  func excerpt(of count: Int, around part: Range<Int>?, orMessage message: Int?) -> TokenView {
    guard tokens.count > count else { return self }
    let start =
      part?.lowerBound
      ?? message.flatMap { wanted in segments.first { $0.message == wanted }?.range.lowerBound }
      ?? 0
    let center = tokens.firstIndex { $0.position + $0.count > start } ?? tokens.count
    let first = max(0, min(center - count / 3, tokens.count - count))
    return TokenView(
      tokens: Array(tokens[first..<first + count]), segments: segments, roles: roles)
  }
}
