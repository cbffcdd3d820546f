import TinkerFiles
import TinkerKit

/// Audits all records of some files on several threads, in order, in constant memory.
struct AuditJob {
  /// What a thread makes of a batch.
  private struct Audited: Sendable {
    let file: String
    var records: [(record: AuditedRecord, line: Int)] = []
    var unreadable: [String] = []
    var consumedBytes = 0
  }

  let renderer: Renderer
  let settings: AuditSettings
  let workers: Int
  /// The findings of each code that are kept for the report.
  let keptFindings: Int

  /// Runs to the end.
  ///
  /// - Parameters:
  ///   - source: The records.
  ///   - output: Where every finding goes as a line of JSON; `nil` to write none.
  ///   - progress: What the user sees meanwhile.
  /// - Returns: The sums, and the first findings of each code.
  /// - Throws: `CommandFailure` for files.
  func run(
    _ source: consuming RecordSource, output: inout OutputFile?, progress: inout Progress
  ) throws(CommandFailure) -> AuditReport {
    var source = source
    var audit = DataSetAudit(settings: settings)
    var first: [FindingCode: [Finding]] = [:]
    let kept = keptFindings
    let (renderer, settings) = (renderer, settings)
    let general = ConversationAudit.findings(of: renderer, settings: settings)
    audit.note(general)
    try Self.write(general, to: &output)
    for finding in general { first[finding.code, default: []].append(finding) }
    try OrderedPipeline.run(
      workers: workers,
      produce: { () throws(CommandFailure) -> RecordSource.Batch? in
        do throws(FileError) { return try source.next() } catch { throw CommandFailure(error) }
      },
      makeTransform: {
        let worker = Worker(renderer: renderer, settings: settings)
        return { worker.audit($0) }
      },
      consume: { (batch) throws(CommandFailure) in
        var findings: [Finding] = []
        for (record, line) in batch.records {
          findings += audit.note(record, file: batch.file, line: line)
        }
        if settings.codes.contains(.notRenderable) {
          let unreadable = batch.unreadable.map { Finding(.notRenderable, $0) }
          audit.note(unreadable)
          findings += unreadable
        }
        try Self.write(findings, to: &output)
        for finding in findings where first[finding.code, default: []].count < kept {
          first[finding.code, default: []].append(finding)
        }
        progress.update(bytes: batch.consumedBytes, records: audit.statistics.conversations)
      })
    return AuditReport(audit: audit, first: first)
  }

  private static func write(
    _ findings: [Finding], to output: inout OutputFile?
  ) throws(CommandFailure) {
    if output == nil || findings.isEmpty { return }
    var writer = JSONWriter(style: .compact)
    for finding in findings {
      writer.reset()
      finding.write(to: &writer)
      writer.bytes.append(UInt8(ascii: "\n"))
      do throws(FileError) { try output?.write(writer.bytes.span) } catch {
        throw CommandFailure(error)
      }
    }
  }

  /// The state of one thread.
  private final class Worker {
    private var audit: ConversationAudit

    init(renderer: Renderer, settings: AuditSettings) {
      audit = ConversationAudit(renderer: renderer, settings: settings)
    }

    func audit(_ batch: RecordSource.Batch) -> Audited {
      var audited = Audited(file: batch.file)
      audited.consumedBytes = batch.consumedBytes
      audit.form = batch.form
      for index in 0..<batch.lines.count {
        audited.records.append(
          (audit.audit(record: batch.lines.line(at: index)), batch.lines.number(at: index)))
      }
      audited.unreadable = batch.unreadable.map(\.description)
      return audited
    }
  }
}
