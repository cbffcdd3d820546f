public import TinkerJSON

/// A comparison for the terminal and for programs.
extension RenderingDiff {
  /// How many tokens are shown before and behind the first that differs.
  private static let before = 8
  private static let behind = 8

  /// The counts, and the first records that differ with both sides in context.
  ///
  /// - Parameters:
  ///   - shown: How many records are shown.
  ///   - usesColor: Whether what differs is coloured; otherwise it stands in brackets.
  /// - Returns: The text, ended by a newline.
  public func text(shown: Int, usesColor: Bool) -> String {
    var out = "\(compared) compared, \(equal) equal, \(different) different"
    if refusedByBoth > 0 { out += "; \(refusedByBoth) of the equal ones are refused by both" }
    out += "\n"
    for kind in ExampleDiff.Kind.allCases {
      if let count = counts[kind] {
        let name = kind.rawValue
        out +=
          "  " + name + String(repeating: " ", count: max(14 - name.utf8.count, 1)) + "\(count)\n"
      }
    }
    let width = max(names.left.count, names.right.count)
    for finding in findings.prefix(shown) {
      out += "\n\(finding.place)  \(finding.kind.rawValue)"
      if let diff = finding.diff {
        out += " at token \(diff.position)"
        if let message = diff.message { out += ", message \(message)" }
      }
      out += "\n"
      if let note = finding.note { out += "  \(note)\n" }
      guard let diff = finding.diff, let hunk = diff.hunks.first else { continue }
      for (name, tokens, range) in [
        (names.left, diff.left, hunk.left), (names.right, diff.right, hunk.right),
      ] {
        out += "  " + name + String(repeating: " ", count: width - name.count) + "  "
        out +=
          Self.line(
            tokens, range, showsWeights: diff.kind == .weights, usesColor: usesColor) + "\n"
      }
    }
    return out
  }

  private static func line(
    _ tokens: [DiffToken], _ range: Range<Int>, showsWeights: Bool, usesColor: Bool
  ) -> String {
    let start = max(range.lowerBound - before, 0)
    let end = min(range.lowerBound + max(range.count, 1) + behind, tokens.count)
    let last = min(range.upperBound, range.lowerBound + behind)
    let head = tokens[start..<range.lowerBound].map(\.shown).joined()
    let changed = tokens[range.lowerBound..<last].map(\.shown).joined()
    let tail =
      last < range.upperBound
      ? "…"
      : tokens[range.upperBound..<max(end, range.upperBound)].prefix(behind).map(\.shown).joined()
    let weight =
      showsWeights
      ? tokens[range.lowerBound..<last].first.map { "·\(Weights.short($0.weight))" } ?? "" : ""
    let mark =
      usesColor ? "\u{1B}[7m\(changed)\u{1B}[0m" : "⟦\(changed)⟧"
    return (start > 0 ? "…" : "") + head + mark + weight + tail + (end < tokens.count ? "…" : "")
  }

  /// The counts and the first records that differ, as one object.
  ///
  /// - Parameter shown: How many records are written.
  /// - Returns: An object with stable keys.
  public func json(shown: Int) -> JSONValue {
    var kinds: JSONObject = [:]
    for kind in ExampleDiff.Kind.allCases {
      kinds[kind.rawValue] = .number(.integer(counts[kind] ?? 0))
    }
    return [
      "left": .string(JSONString(names.left)), "right": .string(JSONString(names.right)),
      "compared": .number(.integer(compared)), "equal": .number(.integer(equal)),
      "refused_by_both": .number(.integer(refusedByBoth)),
      "different": .number(.integer(different)), "kinds": .object(kinds),
      "first": .array(findings.prefix(shown).map(Self.json)),
    ]
  }

  private static func json(_ finding: Finding) -> JSONValue {
    var out: JSONObject = [
      "place": .string(JSONString(finding.place)),
      "kind": .string(JSONString(finding.kind.rawValue)),
    ]
    if let note = finding.note { out["note"] = .string(JSONString(note)) }
    guard let diff = finding.diff, let hunk = diff.hunks.first else { return .object(out) }
    out["position"] = .number(.integer(diff.position))
    out["message"] = diff.message.map { .number(.integer($0)) } ?? .null
    out["left"] = side(diff.left, hunk.left)
    out["right"] = side(diff.right, hunk.right)
    return .object(out)
  }

  private static func side(_ tokens: [DiffToken], _ range: Range<Int>) -> JSONValue {
    func text(_ part: Range<Int>) -> JSONValue {
      let bytes = tokens[part.clamped(to: 0..<tokens.count)].flatMap(\.bytes)
      return .string(JSONString(String(decoding: bytes, as: UTF8.self)))
    }
    return [
      "tokens": .array(
        tokens[range].prefix(behind).map { token in
          token.id.map { .number(.integer(Int($0))) } ?? .null
        }),
      "weights": .array(tokens[range].prefix(behind).map { .number(.double(Double($0.weight))) }),
      "before": text(max(range.lowerBound - before, 0)..<range.lowerBound),
      "text": text(range.lowerBound..<min(range.upperBound, range.lowerBound + behind)),
      "behind": text(
        range.upperBound..<max(range.upperBound, min(range.upperBound + behind, tokens.count))),
    ]
  }
}
