internal import TinkerRendering

/// A sequence of a run in a page: the tokens coloured by how likely they were, or by their advantages.
struct SampleSection {
  /// The steps of the colours, to either side of none.
  private static let shades = 4

  let sample: RunSample
  let index: Int

  func append(to out: inout String) {
    let strongest = sample.tokens.compactMap { $0.advantage.map(abs) }.filter(\.isFinite).max() ?? 0
    out += "<article class=\"sample\" id=\"s\(index)\"><header><h3>\(HTML.text(sample.title))</h3>"
    out += "<span class=\"sum\">step \(HTML.grouped(sample.step))"
    if let reward = sample.reward { out += " · reward \(Figure.text(reward))" }
    out +=
      " · \(HTML.grouped(sample.tokens.count { $0.isSampled })) tokens written</span></header>\n"
    out += "<div class=\"flow\">"
    var pending: [UInt8] = []
    for (position, token) in sample.tokens.enumerated() {
      let text = Self.completed(&pending, token.bytes, isLast: position + 1 == sample.tokens.count)
      out += "<span class=\"\(Self.classes(of: token, strongest))\" tabindex=\"-1\" "
      out += "title=\"\(HTML.attribute(Self.facts(of: token)))\">"
      out += text.isEmpty ? "<i>·</i>" : HTML.text(text)
      out += "</span>"
    }
    out += "</div>\n"
    if let expected = sample.expected {
      out += "<p class=\"expected\"><span>expected</span> \(HTML.text(expected))</p>\n"
    }
    out += "</article>\n"
  }

  /// The characters that are complete with these bytes; the rest waits for the next token.
  static func completed(_ pending: inout [UInt8], _ bytes: [UInt8], isLast: Bool) -> String {
    let all = pending + bytes
    pending = []
    if isLast { return String(decoding: all, as: UTF8.self) }
    // A character that is cut off has at most three of its bytes.
    for cut in 0...min(3, all.count) {
      let (whole, rest) = (all.dropLast(cut), all.suffix(cut))
      guard rest.first.map({ $0 >= 0xC0 }) ?? true else { continue }
      if let text = String(validating: whole, as: UTF8.self) {
        pending = Array(rest)
        return text
      }
    }
    return String(decoding: all, as: UTF8.self)
  }

  private static func classes(of token: RunSample.Token, _ strongest: Float) -> String {
    guard let logprob = token.logprob else { return "t prompt" }
    var classes = "t p\(shade(ofProbability: logprob))"
    if let advantage = token.advantage, advantage.isFinite, advantage != 0, strongest > 0 {
      let shade = min(
        shades, max(1, Int((abs(advantage) / strongest * Float(shades)).rounded(.up))))
      classes += advantage > 0 ? " up\(shade)" : " down\(shade)"
    }
    return classes
  }

  /// 0 for a certain token, up to the last shade for one that was hardly possible.
  private static func shade(ofProbability logprob: Float) -> Int {
    guard logprob.isFinite else { return shades }
    return switch logprob {
    case (-0.11)...: 0
    case (-0.7)...: 1
    case (-1.6)...: 2
    case (-3)...: 3
    default: shades
    }
  }

  private static func facts(of token: RunSample.Token) -> String {
    var facts = ["id \(token.id)"]
    if let logprob = token.logprob {
      facts.append("log-probability \(Figure.text(Double(logprob)))")
    }
    if let advantage = token.advantage {
      facts.append("advantage \(Figure.text(Double(advantage)))")
    }
    return facts.joined(separator: " · ") + (token.isSampled ? "" : " · prompt")
  }
}
