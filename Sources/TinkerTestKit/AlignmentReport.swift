import TinkerJSON
public import TinkerRendering
import TinkerTokenizer

/// What a conversation trains, as a test and a person look at it: the example, the texts that are
/// trained, what the audit found, and a picture of the tokens.
public struct AlignmentReport: Sendable, CustomStringConvertible {
  /// The conversation as one example.
  public let example: SupervisedExample
  /// The text of each run of trained tokens, in order.
  public let trainedTexts: [String]
  /// What the audit found; see ``TinkerRendering/FindingCode``.
  public let findings: [Finding]
  /// The tokens in lines, the trained ones in ⟦brackets⟧.
  public let picture: String

  /// Renders a conversation and audits it.
  ///
  /// - Parameters:
  ///   - messages: The conversation.
  ///   - renderer: The renderer under test.
  ///   - trainOn: Which messages are trained.
  /// - Throws: `RenderingError` when the renderer refuses the conversation.
  public init(
    of messages: [Message], renderer: Renderer, trainOn: TrainOn = .allAssistantMessages
  ) throws(RenderingError) {
    example = try renderer.supervisedExample(for: messages, trainOn: trainOn)
    trainedTexts = Self.trainedTexts(of: example, renderer.tokenizer)
    findings = Self.findings(messages, renderer, trainOn, codes: Set(FindingCode.allCases))
    let view = TokenView(of: example, messages: messages, tokenizer: renderer.tokenizer)
    picture = TerminalView().text(of: view, title: renderer.name)
  }

  /// The picture, and below it one line for each finding.
  public var description: String {
    picture + findings.map { Self.line(of: $0) + "\n" }.joined()
  }

  /// `warning: empty-assistant: messages[1].content: …`
  static func line(of finding: Finding) -> String {
    let place = finding.place.description
    return "\(finding.severity.rawValue): \(finding.code.rawValue): "
      + (place.isEmpty ? "" : place + ": ") + finding.message
  }

  static func findings(
    _ messages: [Message], _ renderer: Renderer, _ trainOn: TrainOn, codes: Set<FindingCode>
  ) -> [Finding] {
    let settings = AuditSettings(
      records: RecordSettings(trainOn: trainOn, expansion: .none), codes: codes)
    var audit = ConversationAudit(renderer: renderer, settings: settings)
    return audit.audit(Conversation(messages: messages)).findings
  }

  private static func trainedTexts(
    of example: SupervisedExample, _ tokenizer: Tokenizer
  ) -> [String] {
    var texts: [String] = []
    var run: [UInt32] = []
    for segment in example.segments where !segment.range.isEmpty {
      if segment.weight > 0 {
        run += example.tokens[segment.range]
      } else if !run.isEmpty {
        texts.append(tokenizer.decode(run))
        run.removeAll()
      }
    }
    return run.isEmpty ? texts : texts + [tokenizer.decode(run)]
  }
}

/// Why an expectation about tokens does not hold, with the picture of the tokens. Thrown out of a
/// test it fails the test, whichever library runs it.
public struct AlignmentFailure: Error, Sendable, CustomStringConvertible {
  /// What was expected, what is there, and how the tokens look.
  public let description: String

  init(_ sentences: [String], picture: String = "") {
    description = sentences.joined(separator: "\n") + (picture.isEmpty ? "" : "\n" + picture)
  }
}
