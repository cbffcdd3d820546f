import TinkerKit

/// What a run of `render` has done.
struct RenderSummary {
  /// The records read.
  var records = 0
  /// The records left out because they are bad.
  var rejected = 0
  /// What came of the others.
  var counts = RecordCounts()
  /// The place of the first record with an example that trains nothing.
  var untrained: String?

  /// What was packed into rows; `nil` where each example stands by itself.
  var packed: ExamplePacker?
  /// The examples or rows of a step, where steps are wanted.
  var batchSize: Int?

  /// The steps of one pass over the data.
  var steps: Int? {
    batchSize.map { ((packed?.rowCount ?? counts.examples) + $0 - 1) / $0 }
  }

  /// Whether every record became examples that train something.
  var isClean: Bool { rejected == 0 && counts.tooLong == 0 && counts.untrained == 0 }

  /// Sentences for standard error.
  var text: String {
    var lines = [
      "\(Self.count(records, "record")), \(Self.count(counts.examples, "example")), "
        + "\(Self.count(counts.tokens, "token")), \(Self.grouped(counts.trainedTokens)) trained"
    ]
    if rejected > 0 { lines.append("\(Self.count(rejected, "bad record")) left out") }
    if let packed {
      let positions = packed.rowCount * packed.capacity
      let share = positions == 0 ? 0 : packed.tokenCount * 10_000 / positions
      let hundredths = String(share % 100)
      lines.append(
        "\(Self.count(packed.rowCount, "row")) of \(Self.grouped(packed.capacity)), "
          + "\(share / 100).\(hundredths.utf8.count < 2 ? "0" : "")\(hundredths) % full, "
          + "\(Self.count(packed.paddingCount, "position")) of padding")
    }
    if let batchSize, let steps {
      lines.append(
        "\(Self.count(steps, "step")) of \(Self.count(batchSize, packed == nil ? "example" : "row"))"
      )
    }
    if counts.shortened > 0 {
      lines.append(
        "\(Self.count(counts.shortened, "long example")) shortened by "
          + "\(Self.count(counts.lostTokens, "token")), "
          + "\(Self.grouped(counts.lostTrainedTokens)) of them trained")
    }
    if counts.tooLong > 0 { lines.append("\(Self.count(counts.tooLong, "long example")) left out") }
    if counts.untrained > 0 {
      let place = untrained.map { ", the first at \($0)" } ?? ""
      lines.append(
        "\(Self.count(counts.untrained, "record or example", "records or examples")) "
          + "without a trained token\(place)")
    }
    return lines.joined(separator: "\n")
  }

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    for (key, value) in [
      ("records", records), ("examples", counts.examples), ("tokens", counts.tokens),
      ("trained_tokens", counts.trainedTokens), ("rejected", rejected),
      ("too_long", counts.tooLong), ("untrained", counts.untrained),
    ] {
      writer.key(key)
      writer.integer(value)
    }
    if counts.shortened > 0 {
      for (key, value) in [
        ("shortened", counts.shortened), ("lost_tokens", counts.lostTokens),
        ("lost_trained_tokens", counts.lostTrainedTokens),
      ] {
        writer.key(key)
        writer.integer(value)
      }
    }
    if let packed {
      for (key, value) in [
        ("rows", packed.rowCount), ("row_length", packed.capacity),
        ("padding", packed.paddingCount),
      ] {
        writer.key(key)
        writer.integer(value)
      }
    }
    if let steps {
      writer.key("steps")
      writer.integer(steps)
    }
    writer.endObject()
  }

  /// `1 record`, `2,000 records`
  static func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
  }

  /// `12,345`
  static func grouped(_ number: Int) -> String {
    let digits = String(number)
    var out = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.utf8.count - index) % 3 == 0 { out += "," }
      out.append(digit)
    }
    return out
  }
}
