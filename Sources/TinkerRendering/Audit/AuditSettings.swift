/// What an audit looks for, and how the records become examples.
public struct AuditSettings: Sendable {
  /// How records are read, expanded and trained. The format of lines and what happens to long
  /// examples do not matter here.
  public var records: RecordSettings
  /// The codes that are looked for.
  public var codes: Set<FindingCode>
  /// The limit on the tokens of an example for `too-long`, `truncated-target` and `cut-image`; `nil`
  /// for none.
  public var maximumLength: Int?
  /// Lengths for which the statistics say what would be cut off.
  public var candidateLengths: [Int]

  /// Settings; by default everything is looked for.
  public init(
    records: RecordSettings = RecordSettings(), codes: Set<FindingCode> = Set(FindingCode.allCases),
    maximumLength: Int? = nil, candidateLengths: [Int] = []
  ) {
    self.records = records
    self.codes = codes
    self.maximumLength = maximumLength
    self.candidateLengths = candidateLengths
  }
}

/// What an audit found in one record.
public struct AuditedRecord: Sendable {
  /// The findings, in the order in which the rules ask.
  public var findings: [Finding] = []
  /// What was counted.
  public var statistics: AuditStatistics
  /// The digest of what is said; `nil` where the record could not be read.
  public var digest: ConversationDigest?
}
