import TinkerJSON
import TinkerTokenizer

/// Looks for everything that ``FindingCode`` lists, but for what takes a whole data set, in one
/// conversation after the other.
///
/// It keeps buffers and caches between records, so it belongs to one thread.
///
/// ```swift
/// var audit = ConversationAudit(renderer: renderer)
/// for finding in audit.audit(conversation).findings { print(finding.place, finding.message) }
/// ```
public struct ConversationAudit: ~Copyable {
  private let renderer: Renderer
  private var settings: AuditSettings
  private let encoder: Encoder
  private var session: RenderSession
  private var prefixes = PrefixRules()
  private var example = SupervisedExample()

  /// An audit.
  public init(renderer: Renderer, settings: AuditSettings = AuditSettings()) {
    self.renderer = renderer
    self.settings = settings
    encoder = renderer.tokenizer.makeEncoder()
    session = renderer.makeSession()
  }

  /// How the records are written; `nil` where each tells by its keys.
  public var form: RecordForm? {
    get { settings.records.form }
    set { settings.records.form = newValue }
  }

  /// What is found of a renderer itself, once and for all conversations.
  public static func findings(of renderer: Renderer, settings: AuditSettings = AuditSettings())
    -> [Finding]
  {
    guard settings.codes.contains(.dateDependent) else { return [] }
    return [DateRule.check(renderer)].compactMap(\.self)
  }

  /// Audits a record. A record that cannot be read is a finding, not an error.
  ///
  /// - Parameter record: The bytes of its JSON.
  /// - Returns: The findings and counts of the record.
  public mutating func audit(record: Span<UInt8>) -> AuditedRecord {
    let conversation: Conversation
    do throws(RenderingError) {
      conversation = try Conversation(record: record, form: settings.records.form)
    } catch {
      var list = FindingList(codes: settings.codes)
      Self.note(error, &list)
      var statistics = AuditStatistics(candidateLengths: settings.candidateLengths)
      statistics.conversations = 1
      return AuditedRecord(findings: list.findings, statistics: statistics)
    }
    return audit(
      conversation,
      nullFields: settings.codes.contains(.nullFields) ? NullFields(in: record) : nil)
  }

  /// Audits a conversation.
  ///
  /// - Parameters:
  ///   - conversation: The messages with their tools.
  ///   - nullFields: What was found in the record that it was read from.
  /// - Returns: The findings and counts of the conversation.
  public mutating func audit(
    _ conversation: Conversation, nullFields: NullFields? = nil
  ) -> AuditedRecord {
    var list = FindingList(codes: settings.codes)
    var statistics = AuditStatistics(candidateLengths: settings.candidateLengths)
    statistics.conversations = 1
    nullFields?.check(&list)
    RoleRules.check(conversation.messages, &list)
    TextRules.check(conversation.messages, &list)
    ToolCallRules.check(conversation, &list)
    do throws(RenderingError) {
      try render(conversation, &list, &statistics)
    } catch {
      Self.note(error, &list)
    }
    return AuditedRecord(
      findings: list.findings, statistics: statistics, digest: ConversationDigest(conversation))
  }

  private mutating func render(
    _ conversation: Conversation, _ list: inout FindingList, _ statistics: inout AuditStatistics
  ) throws(RenderingError) {
    let context = AuditContext(
      renderer: renderer, conversation: conversation,
      messages: try renderer.messages(of: conversation))
    let cuts = try settings.records.cuts(of: context.messages, by: renderer)
    if cuts.isEmpty {
      list.add(.noLoss, "no message of the conversation is trained", at: Finding.Place())
    }
    for (number, cut) in cuts.enumerated() {
      let messages =
        cut.end == context.messages.count
        ? context.messages : Array(context.messages[..<cut.end])
      try session.supervisedExample(for: messages, trainOn: cut.trainOn, into: &example)
      statistics.add(example, messages: context.messages)
      let audited = AuditedExample(
        context: context, example: example, end: cut.end, number: cuts.count > 1 ? number : nil)
      LossRules.check(audited, &list)
      ControlTextRules.check(audited, &list)
      LostContentRules.check(audited, &list)
      LengthRules.check(audited, limit: settings.maximumLength, &list)
      prefixes.check(audited, session: &session, &list)
      ParseBackRule.check(audited, &list)
      RetokenizeRule.check(audited, encoder: encoder, &list)
    }
    prefixes.checkHistory(of: context, cuts: cuts, session: &session, &list)
  }

  private static func note(_ error: RenderingError, _ list: inout FindingList) {
    list.add(.notRenderable, error.message, at: Finding.Place(field: error.path))
  }
}
