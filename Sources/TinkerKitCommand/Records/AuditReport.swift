import TinkerKit

/// What `check` says at its end.
struct AuditReport {
  /// A finding, and the bytes of its record where they were kept.
  struct Place {
    let finding: Finding
    let record: [UInt8]
  }

  let audit: DataSetAudit
  /// The first findings of each code.
  let first: [FindingCode: [Place]]

  /// The codes that were found, the gravest first, then as the library lists them.
  var found: [(code: FindingCode, severity: FindingSeverity, count: Int)] {
    var rows: [(code: FindingCode, severity: FindingSeverity, count: Int)] = []
    for severity in FindingSeverity.allCases.reversed() {
      for code in FindingCode.allCases {
        guard let count = audit.counts[code]?[severity] else { continue }
        rows.append((code, severity, count))
      }
    }
    return rows
  }

  private func findings(of code: FindingCode, _ severity: FindingSeverity) -> [Finding] {
    (first[code] ?? []).map(\.finding).filter { $0.severity == severity }
  }

  // MARK: Text

  /// A table with the first offenders, then what was counted.
  var text: String {
    var lines: [String] = []
    let rows = found
    let width = rows.map(\.code.rawValue.utf8.count).max() ?? 0
    for row in rows {
      let severity = Self.padded(row.severity.rawValue, to: 7)
      let code = Self.padded(row.code.rawValue, to: width)
      lines.append("\(severity)  \(code)  \(RenderSummary.grouped(row.count))")
      for finding in findings(of: row.code, row.severity) {
        let place = finding.place.description
        lines.append("         " + (place.isEmpty ? "" : place + ": ") + finding.message)
      }
    }
    if rows.isEmpty { lines.append("nothing found") }
    lines.append("")
    lines += statisticsLines
    return lines.joined(separator: "\n")
  }

  private var statisticsLines: [String] {
    let statistics = audit.statistics
    let total = statistics.total
    let share = total.tokens == 0 ? 0 : (total.trained * 200 / total.tokens + 1) / 2
    var lines = [
      "\(RenderSummary.count(statistics.conversations, "conversation")), "
        + "\(RenderSummary.count(statistics.examples, "example")), "
        + "\(RenderSummary.count(total.tokens, "token")), "
        + "\(RenderSummary.grouped(total.trained)) trained (\(share) %)"
    ]
    if statistics.examples > 0 {
      let lengths = statistics.lengths
      lines.append(
        "lengths: half up to \(RenderSummary.grouped(lengths.percentile(0.5))), 90 % up to "
          + "\(RenderSummary.grouped(lengths.percentile(0.9))), 99 % up to "
          + "\(RenderSummary.grouped(lengths.percentile(0.99))), the longest "
          + RenderSummary.grouped(lengths.longest))
    }
    let shares = statistics.lossShares.enumerated().filter { $0.element > 0 }
    if !shares.isEmpty {
      lines.append(
        "examples by the share that is trained: "
          + shares.map { index, count in
            (index == 0 ? "none " : "up to \(index * 10) % ") + RenderSummary.grouped(count)
          }.joined(separator: ", "))
    }
    let roles = statistics.byRole.sorted { $0.key < $1.key }
    if !roles.isEmpty {
      lines.append(
        "tokens by role: "
          + roles.map { role, share in
            "\(role) \(RenderSummary.grouped(share.tokens)) "
              + "(\(RenderSummary.grouped(share.trained)) trained)"
          }.joined(separator: ", "))
    }
    for row in statistics.truncations {
      lines.append(
        "a length of \(RenderSummary.grouped(row.length)) cuts "
          + "\(RenderSummary.count(row.examples, "example")), "
          + "\(RenderSummary.count(row.tokens, "token")), "
          + "\(RenderSummary.grouped(row.trained)) of them trained")
    }
    if audit.sampledShare > 1 {
      lines.append("duplicates: looked for among one conversation of \(audit.sampledShare)")
    }
    return lines
  }

  private static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.utf8.count))
  }

  // MARK: JSON

  /// `{"findings":[{"code","severity","count","first":[…]}],"statistics":{…},"duplicates_sampled":1}`
  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("findings")
    writer.beginArray()
    for row in found {
      writer.beginObject()
      writer.key("code")
      writer.string(row.code.rawValue)
      writer.key("severity")
      writer.string(row.severity.rawValue)
      writer.key("count")
      writer.integer(row.count)
      writer.key("first")
      writer.beginArray()
      for finding in findings(of: row.code, row.severity) {
        finding.write(to: &writer)
      }
      writer.endArray()
      writer.endObject()
    }
    writer.endArray()
    writer.key("statistics")
    audit.statistics.write(to: &writer)
    writer.key("duplicates_sampled")
    writer.integer(audit.sampledShare)
    writer.endObject()
  }
}
