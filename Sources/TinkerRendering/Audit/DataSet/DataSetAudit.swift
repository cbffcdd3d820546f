/// Puts the findings of single records together into those of a data set: places, repetitions, and
/// sums. Records are noted in their order, so that the result is the same on any number of threads.
public struct DataSetAudit: Sendable {
  /// The names of the files so far; places refer to them.
  private var files: [String] = []
  /// What was counted.
  public private(set) var statistics: AuditStatistics
  /// How many findings each code has, by severity.
  public private(set) var counts: [FindingCode: [FindingSeverity: Int]] = [:]
  private var seen: SeenConversations
  private let codes: Set<FindingCode>

  /// An audit of a data set.
  ///
  /// - Parameters:
  ///   - settings: What is looked for.
  ///   - digestCapacity: The most conversations that are remembered; see ``SeenConversations``.
  public init(settings: AuditSettings, digestCapacity: Int = 1 << 21) {
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
  ///   - file: The name of its file.
  ///   - line: Its line, from 1.
  /// - Returns: All findings of the record with their places.
  public mutating func note(_ record: AuditedRecord, file: String, line: Int) -> [Finding] {
    var findings = record.findings
    let number = number(of: file)
    if codes.contains(.duplicate) || codes.contains(.splitLeak), let digest = record.digest,
      let first = seen.note(digest, file: number, line: line)
    {
      let code: FindingCode = first.file == number ? .duplicate : .splitLeak
      if codes.contains(code) {
        findings.append(
          Finding(code, "says the same as \(files[first.file]):\(first.line)"))
      }
    }
    statistics += record.statistics
    for index in findings.indices {
      findings[index].place.file = file
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

  private mutating func number(of file: String) -> Int {
    // Files come one after the other, and the last is nearly always the one.
    if let number = files.lastIndex(of: file) { return number }
    files.append(file)
    return files.count - 1
  }
}
