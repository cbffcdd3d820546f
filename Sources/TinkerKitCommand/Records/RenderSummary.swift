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

  /// Whether every record became examples that train something.
  var isClean: Bool { rejected == 0 && counts.tooLong == 0 && counts.untrained == 0 }

  /// Sentences for standard error.
  var text: String {
    var lines = [
      "\(Self.count(records, "record")), \(Self.count(counts.examples, "example")), "
        + "\(Self.count(counts.tokens, "token")), \(Self.grouped(counts.trainedTokens)) trained"
    ]
    if rejected > 0 { lines.append("\(Self.count(rejected, "bad record")) left out") }
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
