import Testing
import TinkerJSON
import TinkerRendering

@Suite struct DataSetAuditTests {
  private static func audited(_ records: [String], settings: AuditSettings) throws
    -> [AuditedRecord]
  {
    let renderer = try Fixture.renderer("llama3", tokenizer: "tiny-llama3")
    var audit = ConversationAudit(renderer: renderer, settings: settings)
    var out: [AuditedRecord] = []
    for record in records { out.append(audit.audit(record: Array(record.utf8).span)) }
    return out
  }

  private static func chat(_ number: Int, id: Int = 0) -> String {
    #"{"id":\#(id),"messages":[{"role":"user","content":"Q\#(number)"},"#
      + #"{"role":"assistant","content":"A"}]}"#
  }

  @Test func duplicatesAndLeaks() throws {
    let settings = AuditSettings()
    let records = try Self.audited(
      [Self.chat(1), Self.chat(2), Self.chat(1, id: 9), Self.chat(12)], settings: settings)
    var audit = DataSetAudit(settings: settings)
    let first = audit.note(records[0], file: "train.jsonl", line: 1)
    let second = audit.note(records[1], file: "train.jsonl", line: 2)
    #expect(first.isEmpty && second.isEmpty)
    let again = audit.note(records[2], file: "train.jsonl", line: 3)
    #expect(again.map(\.code) == [.duplicate])
    #expect(again.first?.message == "says the same as train.jsonl:1")
    #expect(again.first?.place.description == "train.jsonl:3")
    let other = audit.note(records[3], file: "test.jsonl", line: 1)
    #expect(other.isEmpty)
    let leak = audit.note(records[1], file: "test.jsonl", line: 2)
    #expect(leak.map(\.code) == [.splitLeak])
    #expect(leak.first?.message == "says the same as train.jsonl:2")
    #expect(audit.counts == [.duplicate: [.warning: 1], .splitLeak: [.error: 1]])
    #expect(audit.worst == .error)
    #expect(audit.statistics.conversations == 5)
  }

  /// What changes what is said changes the digest; a string and its only part say the same.
  @Test func digests() throws {
    func digest(_ messages: [Message]) -> ConversationDigest {
      ConversationDigest(Conversation(messages: messages))
    }
    let base = digest([.user("ab"), .assistant("c")])
    #expect(
      base
        == digest([
          Message(role: "user", content: .parts([.text("ab")])), .assistant("c"),
        ]))
    for other in [
      [Message.user("a"), .assistant("bc")], [.user("ab"), .user("c")], [.user("ab")],
      [.user("abassistantc")], [.user("ab"), .assistant("c"), .user("")],
    ] {
      #expect(digest(other) != base)
    }
  }

  /// A full table samples by value: memory stays bounded, and what is found is always true.
  @Test func repetitionsInBoundedMemory() throws {
    let settings = AuditSettings(codes: [.duplicate])
    let records = try Self.audited((0..<400).map { Self.chat($0) }, settings: settings)
    var whole = SeenConversations(capacity: 400)
    var small = SeenConversations(capacity: 50)
    var missed = 0
    for round in 0..<2 {
      for (line, record) in records.enumerated() {
        let digest = try #require(record.digest)
        let full = whole.note(digest, file: 0, line: line + 1 + round * 400)
        let sampled = small.note(digest, file: 0, line: line + 1 + round * 400)
        if round == 0 {
          #expect(full == nil && sampled == nil)
        } else {
          #expect(full?.line == line + 1)
          if let sampled { #expect(sampled.line == line + 1) } else { missed += 1 }
        }
      }
    }
    #expect(whole.sampledShare == 1)
    #expect(small.sampledShare >= 8)
    #expect(missed > 200 && missed < 400)
  }

  @Test func statisticsAreTheSumsOfTheExamples() throws {
    let settings = AuditSettings(candidateLengths: [8, 11, 1000])
    let records = [Self.chat(1), Self.chat(2), #"{"messages":[{"role":"user","content":"Q"}]}"#]
    var audit = DataSetAudit(settings: settings)
    for (index, record) in try Self.audited(records, settings: settings).enumerated() {
      _ = audit.note(record, file: "a", line: index + 1)
    }
    let renderer = try Fixture.renderer("llama3", tokenizer: "tiny-llama3")
    var lengths: [Int] = []
    var trained = 0
    var beyond = 0
    for record in records {
      var reader = JSONReader(Array(record.utf8).span)
      let conversation = try Conversation(reading: &reader)
      let example = try renderer.supervisedExample(
        for: conversation.messages, trainOn: .allAssistantMessages)
      lengths.append(example.tokens.count)
      trained += example.weights.count { $0 == 1 }
      beyond += example.weights.dropFirst(8).count { $0 == 1 }
    }
    let statistics = audit.statistics
    #expect(statistics.examples == 3)
    #expect(statistics.total.tokens == lengths.reduce(0, +))
    #expect(statistics.total.trained == trained)
    #expect(statistics.byRole.values.reduce(0) { $0 + $1.tokens } == statistics.total.tokens)
    #expect(statistics.byRole["assistant"]?.trained == trained)
    #expect(statistics.lengths.longest == lengths.max())
    #expect(statistics.lossShares.reduce(0, +) == 3)
    #expect(statistics.lossShares[0] == 1)
    #expect(statistics.truncations[0].examples == lengths.count { $0 > 8 })
    #expect(statistics.truncations[0].tokens == lengths.reduce(0) { $0 + max($1 - 8, 0) })
    #expect(statistics.truncations[0].trained == beyond)
    #expect(statistics.truncations[2].examples == 0)
  }

  @Test func lengthsInBuckets() {
    var counts = LengthCounts()
    for length in 1...10_000 { counts.add(length) }
    #expect(counts.count == 10_000)
    #expect(counts.longest == 10_000)
    for share in [0.01, 0.25, 0.5, 0.9, 0.99] {
      let exact = Int(10_000 * share)
      let found = counts.percentile(share)
      #expect(found >= exact && found <= exact + exact / 16 + 1, "\(share): \(found)")
    }
    #expect(counts.percentile(1) == 10_000)
    #expect(counts.filledBuckets.reduce(0) { $0 + $1.count } == 10_000)
    var other = LengthCounts()
    other.add(20_000)
    other += counts
    #expect(other.longest == 20_000)
    #expect(other.count == 10_001)
  }
}
