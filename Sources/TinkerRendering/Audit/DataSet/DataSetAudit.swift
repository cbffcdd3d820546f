/// Puts the findings of single records together into those of a data set: places, repetitions, and
/// sums. Records are noted in their order, so that the result is the same on any number of threads.
public struct DataSetAudit: Sendable {
  /// The names of the files, for places.
  public let files: [String]
  /// What was counted.
  public private(set) var statistics: AuditStatistics
  /// How many findings each code has, by severity.
  public private(set) var counts: [FindingCode: [FindingSeverity: Int]] = [:]
  private var seen: SeenConversations
  private let codes: Set<FindingCode>

  /// An audit of some files.
  ///
  /// - Parameters:
  ///   - files: The names of the files.
  ///   - settings: What is looked for.
  ///   - digestCapacity: The most conversations that are remembered; see ``SeenConversations``.
  public init(files: [String], settings: AuditSettings, digestCapacity: Int = 1 << 21) {
    self.files = files
    codes = settings.codes
    statistics = AuditStatistics(candidateLengths: settings.candidateLengths)
    seen = SeenConversations(capacity: digestCapacity)
  }

  /// One of how many conversations is compared with the others.
  public var sampledShare: Int { seen.sampledShare }

  /// The gravest severity that was found, or `nil`.
  public var worst: FindingSeverity? { counts.values.flatMap(\.keys).max() }

  /// Notes a record.
  ///
  /// - Parameters:
  ///   - record: What was found in it.
  ///   - file: The index of its file.
  ///   - line: Its line, from 1.
  /// - Returns: All findings of the record with their places.
  public mutating func note(_ record: AuditedRecord, file: Int, line: Int) -> [Finding] {
    var findings = record.findings
    if codes.contains(.duplicate) || codes.contains(.splitLeak), let digest = record.digest,
      let first = seen.note(digest, file: file, line: line)
    {
      let code: FindingCode = first.file == file ? .duplicate : .splitLeak
      if codes.contains(code) {
        findings.append(
          Finding(code, "says the same as \(name(of: first.file)):\(first.line)"))
      }
    }
    statistics += record.statistics
    for index in findings.indices {
      findings[index].place.file = name(of: file)
      findings[index].place.line = line
    }
    note(findings)
    return findings
  }

  /// Notes findings that belong to no record.
  public mutating func note(_ findings: [Finding]) {
    for finding in findings {
      counts[finding.code, default: [:]][finding.severity, default: 0] += 1
    }
  }

  private func name(of file: Int) -> String { file < files.count ? files[file] : "?" }
}
