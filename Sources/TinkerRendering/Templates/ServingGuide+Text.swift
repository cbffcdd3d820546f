import TinkerTokenizer
public import TinkerJSON

extension ServingGuide {
  /// The guide for the terminal.
  public func text() -> String {
    var out = "renderer        \(renderer.name)\n"
    out += "stop sequences  \(stopText)\n"
    if !renderer.beginning.isEmpty {
      out += "beginning       \(VisibleText.flat(renderer.tokenizer.decode(renderer.beginning)))\n"
    }
    out += "prompt ends     \(VisibleText.flat(promptSuffix))\n"
    out += "prompts         "
    out +=
      renderer.hasExtensionProperty
      ? "each is a prefix of the next\n" : "later turns may change earlier tokens\n"
    out += "\nframing\n"
    for framing in framings {
      out += "  " + Self.padded(framing.role, 10)
      out += "\(VisibleText.flat(framing.before)) … \(VisibleText.flat(framing.behind))\n"
    }
    out += "\nserving\n" + flagText()
    guard let template else {
      return out
        + "\nno template is given or lies beside the tokenizer: differences are not known\n"
    }
    out += "\ndifferences from \(template)\n"
    for comparison in comparisons {
      out += "  " + Self.padded(comparison.scenario, 30)
      let equal = comparison.isRefused ? "both refuse it" : "equal"
      out += (comparison.finding.map { Self.sentence($0) } ?? equal) + "\n"
    }
    return out
  }

  private var stopText: String {
    let shown = stops.map { VisibleText.flat($0) }
    guard case .tokens(let ids) = renderer.stopSequences else {
      return shown.map { "\"\($0)\"" }.joined(separator: ", ")
    }
    return zip(shown, ids).map { "\($0) (\($1))" }.joined(separator: ", ")
  }

  private func flagText() -> String {
    guard let flags else {
      return "  no options are known; stop at the stop sequences, and add no special tokens\n"
    }
    var out = ""
    if let name = flags.reasoningParser { out += "  vLLM 0.33  --reasoning-parser \(name)\n" }
    if let name = flags.toolParser {
      out += "  vLLM 0.33  --enable-auto-tool-choice --tool-call-parser \(name)\n"
    }
    if !flags.templateArguments.isEmpty {
      let arguments = JSONValue.object(flags.templateArguments).serialized(.compact)
      out += "  request    chat_template_kwargs \(arguments)\n"
    }
    return out + "  request    add_special_tokens false: the format begins as it must\n"
  }

  private static func sentence(_ finding: RenderingDiff.Finding) -> String {
    var out = finding.kind.rawValue
    guard let diff = finding.diff, let hunk = diff.hunks.first else {
      return out + ": " + (finding.note.map { VisibleText.flat($0) } ?? "")
    }
    func part(_ tokens: [DiffToken], _ range: Range<Int>) -> String {
      let shown = tokens[range].prefix(10).map(\.shown).joined()
      return range.isEmpty ? "nothing" : shown + (range.count > 10 ? "…" : "")
    }
    out += " at token \(diff.position): "
    if diff.kind == .weights {
      return out + "weights of \(part(diff.left, hunk.left))"
    }
    return out + "\(part(diff.left, hunk.left)) | \(part(diff.right, hunk.right))"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - text.count, 1))
  }

  /// The guide as one object with stable keys.
  public func json() -> JSONValue {
    func string(_ text: String) -> JSONValue { .string(JSONString(text)) }
    var stopIDs: JSONValue = .null
    if case .tokens(let ids) = renderer.stopSequences {
      stopIDs = .array(ids.map { .number(.integer(Int($0))) })
    }
    var out: JSONObject = [
      "renderer": string(renderer.name), "stop": .array(stops.map(string)), "stop_ids": stopIDs,
      "beginning": .array(renderer.beginning.map { .number(.integer(Int($0))) }),
      "prompt_suffix": string(promptSuffix),
      "has_extension_property": .bool(renderer.hasExtensionProperty),
      "framing": .array(
        framings.map { framing in
          [
            "role": string(framing.role), "before": string(framing.before),
            "behind": string(framing.behind),
          ]
        }),
      "flags": .null, "template": template.map(string) ?? .null,
    ]
    if let flags {
      out["flags"] = [
        "reasoning_parser": flags.reasoningParser.map(string) ?? .null,
        "tool_call_parser": flags.toolParser.map(string) ?? .null,
        "chat_template_kwargs": .object(flags.templateArguments),
      ]
    }
    out["differences"] =
      template == nil
      ? .null
      : .array(
        comparisons.map { comparison in
          [
            "scenario": string(comparison.scenario),
            "kind": comparison.finding.map { string($0.kind.rawValue) } ?? .null,
            "sentence": comparison.finding.map { string(Self.sentence($0)) } ?? .null,
          ]
        })
    return .object(out)
  }
}
