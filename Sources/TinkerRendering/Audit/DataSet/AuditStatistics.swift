public import TinkerJSON

/// What an audit counts, in constant memory.
public struct AuditStatistics: Sendable {
  /// Tokens, and how many of them are trained.
  public struct Share: Sendable, Hashable {
    /// All tokens.
    public var tokens = 0
    /// The tokens with a weight above 0.
    public var trained = 0
  }

  /// What a length would cut off.
  public struct Truncation: Sendable, Hashable {
    /// The length.
    public let length: Int
    /// The examples that are longer.
    public var examples = 0
    /// The tokens beyond it.
    public var tokens = 0
    /// The trained tokens beyond it.
    public var trained = 0
  }

  /// The most roles that are told apart; further ones are counted as `other`.
  private static let roleLimit = 16

  /// The records.
  public var conversations = 0
  /// The examples that they gave.
  public private(set) var examples = 0
  /// All tokens.
  public private(set) var total = Share()
  /// The tokens by the role of their message; those of no message are the `template`'s.
  public private(set) var byRole: [String: Share] = [:]
  /// The examples by their length.
  public private(set) var lengths = LengthCounts()
  /// The examples by the tenths of them that are trained: none at all, then up to 10 %, 20 %, ….
  public private(set) var lossShares = [Int](repeating: 0, count: 11)
  /// What the candidate lengths would cut off.
  public private(set) var truncations: [Truncation]

  /// Nothing yet.
  public init(candidateLengths: [Int] = []) {
    truncations = candidateLengths.map { Truncation(length: $0) }
  }

  mutating func add(_ example: SupervisedExample, messages: [Message]) {
    var share = Share()
    for segment in example.segments where !segment.range.isEmpty {
      let count = segment.range.count
      let trained = segment.weight > 0 ? count : 0
      share.tokens += count
      share.trained += trained
      let role = segment.message.flatMap { $0 < messages.count ? messages[$0].role : nil }
      add(Share(tokens: count, trained: trained), to: role ?? "template")
      for index in truncations.indices where segment.range.upperBound > truncations[index].length {
        let beyond =
          segment.range.upperBound - max(segment.range.lowerBound, truncations[index].length)
        truncations[index].tokens += beyond
        truncations[index].trained += segment.weight > 0 ? beyond : 0
      }
    }
    for index in truncations.indices where share.tokens > truncations[index].length {
      truncations[index].examples += 1
    }
    examples += 1
    total += share
    lengths.add(share.tokens)
    let tenth = share.tokens == 0 ? 0 : (share.trained * 10 + share.tokens - 1) / share.tokens
    lossShares[min(tenth, 10)] += 1
  }

  private mutating func add(_ share: Share, to role: String) {
    let name = byRole[role] != nil || byRole.count < Self.roleLimit ? role : "other"
    byRole[name, default: Share()] += share
  }

  /// Adds the counts of others, which were made for the same candidate lengths.
  public static func += (left: inout AuditStatistics, right: AuditStatistics) {
    left.conversations += right.conversations
    left.examples += right.examples
    left.total += right.total
    // In order, so that what becomes `other` does not depend on the process.
    for role in right.byRole.keys.sorted() {
      if let share = right.byRole[role] { left.add(share, to: role) }
    }
    left.lengths += right.lengths
    for index in left.lossShares.indices { left.lossShares[index] += right.lossShares[index] }
    for (index, other) in right.truncations.enumerated() where index < left.truncations.count {
      left.truncations[index].examples += other.examples
      left.truncations[index].tokens += other.tokens
      left.truncations[index].trained += other.trained
    }
  }
}

extension AuditStatistics.Share {
  /// Adds the counts of another.
  public static func += (left: inout AuditStatistics.Share, right: AuditStatistics.Share) {
    left.tokens += right.tokens
    left.trained += right.trained
  }
}

extension AuditStatistics {
  /// Writes an object of all counts.
  public func write(to writer: inout JSONWriter) {
    writer.beginObject()
    for (key, value) in [
      ("conversations", conversations), ("examples", examples), ("tokens", total.tokens),
      ("trained_tokens", total.trained),
    ] {
      writer.key(key)
      writer.integer(value)
    }
    writer.key("lengths")
    writer.beginObject()
    for (key, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)] {
      writer.key(key)
      writer.integer(lengths.percentile(share))
    }
    writer.key("longest")
    writer.integer(lengths.longest)
    writer.endObject()
    writer.key("loss_share")
    writer.beginArray()
    for count in lossShares { writer.integer(count) }
    writer.endArray()
    writer.key("roles")
    writer.beginObject()
    for role in byRole.keys.sorted() {
      writer.key(role)
      writer.beginObject()
      writer.key("tokens")
      writer.integer(byRole[role]?.tokens ?? 0)
      writer.key("trained_tokens")
      writer.integer(byRole[role]?.trained ?? 0)
      writer.endObject()
    }
    writer.endObject()
    writer.key("truncation")
    writer.beginArray()
    for row in truncations {
      writer.beginObject()
      for (key, value) in [
        ("max_length", row.length), ("examples", row.examples), ("tokens", row.tokens),
        ("trained_tokens", row.trained),
      ] {
        writer.key(key)
        writer.integer(value)
      }
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }
}
