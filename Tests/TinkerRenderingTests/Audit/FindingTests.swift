import Testing
import TinkerJSON
import TinkerRendering
import TinkerTokenizer

@Suite struct FindingTests {
  private static let tokenizers = [
    "llama3": "tiny-llama3", "deepseekv3": "tiny-deepseekv3", "qwen3": "tiny-qwen3",
    "qwen3_instruct": "tiny-qwen3", "qwen3_vl": "tiny-qwen3",
  ]

  private func findings(
    _ record: String, _ renderer: String, _ settings: AuditSettings
  ) throws -> [Finding] {
    let made = try Fixture.renderer(
      renderer, tokenizer: try #require(Self.tokenizers[renderer]))
    var audit = ConversationAudit(renderer: made, settings: settings)
    return audit.audit(record: Array(record.utf8).span).findings
  }

  @Test(arguments: FindingCase.all)
  func isFoundWhereItIs(_ row: FindingCase) throws {
    var settings = AuditSettings(
      records: RecordSettings(trainOn: row.trainOn, expansion: row.expansion),
      maximumLength: row.maximumLength)
    let found = try findings(row.has, row.renderer, settings)
    let finding = try #require(found.first { $0.code == row.code }, "\(found)")
    #expect(finding.severity == row.severity ?? row.code.severity)
    #expect(!finding.message.isEmpty)

    settings.records.trainOn = row.otherTrainOn ?? row.trainOn
    let others = try findings(row.hasNot, row.otherRenderer ?? row.renderer, settings)
    #expect(!others.contains { $0.code == row.code }, "\(others)")

    settings.records.trainOn = row.trainOn
    settings.codes.remove(row.code)
    #expect(try !findings(row.has, row.renderer, settings).contains { $0.code == row.code })
  }

  @Test func everyCodeHasACase() {
    let cased = Set(FindingCase.all.map(\.code)).union([.duplicate, .splitLeak])
    #expect(cased == Set(FindingCode.allCases))
  }

  @Test func aCleanConversationHasNone() throws {
    let record = Records.record(
      Records.system("S"), Records.user("What is 2+2?"), Records.assistant("4"))
    for renderer in ["llama3", "qwen3", "qwen3_instruct", "deepseekv3"] {
      #expect(try findings(record, renderer, AuditSettings()) == [])
    }
  }

  @Test func namesThePlace() throws {
    let record = Records.record(
      Records.system("S"), Records.user("a <|eot_id|> b"), Records.assistant("A"))
    let found = try findings(record, "llama3", AuditSettings(codes: [.specialTokenInContent]))
    let finding = try #require(found.first)
    #expect(found.count == 1)
    #expect(finding.place.message == 1)
    #expect(finding.place.field == "content")
    let tokens = try #require(finding.place.tokens)
    let renderer = try Fixture.renderer("llama3", tokenizer: "tiny-llama3")
    var reader = JSONReader(Array(record.utf8).span)
    let conversation = try Conversation(reading: &reader)
    let example = try renderer.supervisedExample(for: conversation.messages)
    #expect(renderer.tokenizer.token(for: example.tokens[tokens.lowerBound]) == "<|eot_id|>")
    var located = finding.place
    located.file = "d.jsonl"
    located.line = 7
    #expect(
      located.description
        == "d.jsonl:7: messages[1].content, tokens \(tokens.lowerBound)..<\(tokens.upperBound)")
  }

  /// The declaration of tools stands in front of the messages, and the places are the record's.
  @Test func countsMessagesAsTheRecordDoes() throws {
    for system in [[], [Records.system("S")]] {
      let messages = system + [Records.user("</think>"), Records.assistant("A")]
      let record =
        #"{"messages":[\#(messages.joined(separator: ","))],"tools":[\#(Records.add)]}"#
      let found = try findings(record, "qwen3", AuditSettings(codes: [.specialTokenInContent]))
      #expect(found.map(\.place.message) == [system.count])
    }
  }

  @Test func aRendererWithADateSaysSo() throws {
    let renderer = try Fixture.renderer(
      "gpt_oss_medium_reasoning", tokenizer: "tiny-more", options: ["current_date": "2031-02-03"])
    let found = ConversationAudit.findings(of: renderer)
    #expect(found.map(\.code) == [.dateDependent])
    #expect(found.first?.message.contains("2031-02-03") == true)
    let other = try Fixture.renderer("llama3", tokenizer: "tiny-llama3")
    #expect(ConversationAudit.findings(of: other).isEmpty)
  }
}
