import TinkerKit

extension AuditReport {
  /// The report as a page of HTML.
  ///
  /// The records of the first places are rendered once more, as the audit did, to show their tokens.
  func page(
    title: String, facts: [(name: String, value: String)], renderer: Renderer,
    settings: RecordSettings, form: RecordForm?
  ) -> AuditPage {
    var settings = settings
    settings.form = form
    var worker = RecordRenderer(renderer: renderer, settings: settings)
    var groups: [AuditPage.Group] = []
    for row in found {
      var offenders: [AuditPage.Offender] = []
      for place in first[row.code] ?? [] where place.finding.severity == row.severity {
        offenders.append(Self.offender(place, renderer, &worker, form))
      }
      groups.append(
        AuditPage.Group(
          code: row.code, severity: row.severity, count: row.count, offenders: offenders))
    }
    return AuditPage(
      title: title, facts: facts, groups: groups, statistics: audit.statistics,
      sampledShare: audit.sampledShare)
  }

  /// A place with its example. A record that cannot be rendered has none; its finding says why.
  private static func offender(
    _ place: Place, _ renderer: Renderer, _ worker: inout RecordRenderer, _ form: RecordForm?
  ) -> AuditPage.Offender {
    let finding = place.finding
    guard !place.record.isEmpty,
      let conversation = try? Conversation(record: place.record.span, form: form),
      let messages = try? renderer.messages(of: conversation)
    else { return AuditPage.Offender(finding) }
    var view: TokenView?
    var number = 0
    // What was rendered before a fault is shown all the same.
    try? worker.forEachExample(of: conversation) { (example) throws(RenderingError) in
      if number == finding.place.example ?? 0 {
        view = TokenView(of: example, messages: messages, tokenizer: renderer.tokenizer)
      }
      number += 1
    }
    let shift = messages.count - conversation.messages.count
    return AuditPage.Offender(
      finding, view: view, message: finding.place.message.map { $0 + shift })
  }
}
