import TinkerFiles
import TinkerKit

/// Audits all records of some files on several threads, in order, in constant memory.
struct AuditJob {
  /// What a thread makes of a batch.
  private struct Audited: Sendable {
    let file: String
    var records: [(record: AuditedRecord, line: Int, bytes: [UInt8])] = []
    var unreadable: [String] = []
    var consumedBytes = 0
  }

  let renderer: Renderer
  let settings: AuditSettings
  let workers: Int
  /// The findings of each code that are kept for the report.
  let keptFindings: Int
  /// Whether the records of these are kept as well.
  let keepsRecords: Bool

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
    var first: [FindingCode: [AuditReport.Place]] = [:]
    let (kept, keepsRecords) = (keptFindings, keepsRecords)
    let (renderer, settings) = (renderer, settings)
    let general = ConversationAudit.findings(of: renderer, settings: settings)
    audit.note(general)
    try Self.write(general, to: &output)
    func keep(_ findings: [Finding], of record: [UInt8]) {
      for finding in findings where first[finding.code, default: []].count < kept {
        first[finding.code, default: []].append(AuditReport.Place(finding: finding, record: record))
      }
    }
    keep(general, of: [])
    try OrderedPipeline.run(
      workers: workers,
      produce: { () throws(CommandFailure) -> RecordSource.Batch? in
        do throws(FileError) { return try source.next() } catch { throw CommandFailure(error) }
      },
      makeTransform: {
        let worker = Worker(
          renderer: renderer, settings: settings, keptFindings: keepsRecords ? kept : 0)
        return { worker.audit($0) }
      },
      consume: { (batch) throws(CommandFailure) in
        for (record, line, bytes) in batch.records {
          let findings = audit.note(record, file: batch.file, line: line)
          try Self.write(findings, to: &output)
          keep(findings, of: bytes)
        }
        if settings.codes.contains(.notRenderable), !batch.unreadable.isEmpty {
          let unreadable = batch.unreadable.map { Finding(.notRenderable, $0) }
          audit.note(unreadable)
          try Self.write(unreadable, to: &output)
          keep(unreadable, of: [])
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
    private let keptFindings: Int
    /// How many records this thread has kept for each code. It works on batches in rising order, so
    /// what is first of all is among the first of one thread.
    private var kept: [FindingCode: Int] = [:]

    init(renderer: Renderer, settings: AuditSettings, keptFindings: Int) {
      self.keptFindings = keptFindings
      audit = ConversationAudit(renderer: renderer, settings: settings)
    }

    func audit(_ batch: RecordSource.Batch) -> Audited {
      var audited = Audited(file: batch.file)
      audited.consumedBytes = batch.consumedBytes
      audit.form = batch.form
      for index in 0..<batch.lines.count {
        let record = audit.audit(record: batch.lines.line(at: index))
        var bytes: [UInt8] = []
        if keptFindings > 0, isWanted(record.findings) {
          bytes = [UInt8](copying: batch.lines.line(at: index))
        }
        audited.records.append((record, batch.lines.number(at: index), bytes))
      }
      audited.unreadable = batch.unreadable.map(\.description)
      return audited
    }

    /// Counts the findings of a record, and says whether one of them may be shown.
    private func isWanted(_ findings: [Finding]) -> Bool {
      var isWanted = false
      for finding in findings where kept[finding.code, default: 0] < keptFindings {
        kept[finding.code, default: 0] += 1
        isWanted = true
      }
      return isWanted
    }
  }
}
