public import TinkerRendering

/// Expects that a conversation trains what it should: the audit finds nothing as grave as a warning,
/// and the trained texts are those that are given.
///
/// ```swift
/// try expectAligned(messages, renderer: renderer, trains: ["4<|im_end|>"])
/// ```
///
/// - Parameters:
///   - messages: The conversation.
///   - renderer: The renderer under test.
///   - trainOn: Which messages are trained.
///   - texts: The text of each run of trained tokens; `nil` to ask only the audit.
///   - codes: Findings that are allowed.
/// - Returns: The report, for further expectations.
/// - Throws: ``AlignmentFailure`` with a picture of the tokens; `RenderingError` when the renderer
///   refuses the conversation.
@discardableResult
public func expectAligned(
  _ messages: [Message], renderer: Renderer, trainOn: TrainOn = .allAssistantMessages,
  trains texts: [String]? = nil, allowing codes: Set<FindingCode> = []
) throws -> AlignmentReport {
  let report = try AlignmentReport(of: messages, renderer: renderer, trainOn: trainOn)
  var faults = report.findings.filter { $0.severity >= .warning && !codes.contains($0.code) }
    .map(AlignmentReport.line(of:))
  // By bytes: composed and decomposed letters are other tokens.
  if let texts, !texts.elementsEqual(report.trainedTexts, by: { $0.utf8.elementsEqual($1.utf8) }) {
    faults.append(
      "expected to be trained: \(texts.map(\.debugDescription).joined(separator: ", "))")
    faults.append(
      "trained is: \(report.trainedTexts.map(\.debugDescription).joined(separator: ", "))")
  }
  if !faults.isEmpty { throw AlignmentFailure(faults, picture: report.picture) }
  return report
}

/// Expects that each prompt with its answer is a prefix of the next prompt, so that one example holds
/// what was sampled over several turns.
///
/// - Throws: ``AlignmentFailure`` that names the first differing tokens; `RenderingError` when the
///   renderer refuses the conversation.
public func expectPrefixProperty(_ messages: [Message], renderer: Renderer) throws {
  try expect(nothingOf: [.notAPrefix, .historyChanges], in: messages, renderer)
}

/// Expects that each answer, as it is trained, parses into the message that it was made of: its text
/// and reasoning but for white space at their ends, and its calls.
///
/// - Throws: ``AlignmentFailure`` that names what differs; `RenderingError` when the renderer refuses
///   the conversation.
public func expectParsesBack(_ messages: [Message], renderer: Renderer) throws {
  try expect(nothingOf: [.doesNotParseBack, .reasoningDropped], in: messages, renderer)
}

private func expect(
  nothingOf codes: Set<FindingCode>, in messages: [Message], _ renderer: Renderer
) throws {
  let report = try AlignmentReport(of: messages, renderer: renderer)
  let faults = report.findings.filter { codes.contains($0.code) }
  if faults.isEmpty { return }
  throw AlignmentFailure(faults.map(AlignmentReport.line(of:)), picture: report.picture)
}
