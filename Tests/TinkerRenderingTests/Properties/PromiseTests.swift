import Testing
import TinkerRendering
import TinkerTokenizer

/// The promises of the formats, with the reference's known exceptions.
@Suite struct PromiseTests {
  /// What was found of one promise.
  private struct Finding {
    var kept = 0
    var explained: Set<Int> = []
    var faults: [String] = []

    /// Roles and contents, short enough for a report.
    private static func spelled(_ messages: ArraySlice<Message>) -> String {
      messages.map { "\($0.role) \($0.content.flattened(separator: "·").debugDescription)" }
        .joined(separator: " / ")
    }

    mutating func note(
      _ isKept: Bool, _ promise: Promise, of renderer: String, in messages: [Message]
    ) {
      if isKept {
        kept += 1
        return
      }
      let rows = KnownException.all.indices.filter {
        KnownException.all[$0].explains(promise, of: renderer, in: messages)
      }
      explained.formUnion(rows)
      if rows.isEmpty {
        faults.append("\(renderer) \(promise.rawValue): \(Self.spelled(messages.suffix(2)))")
      }
    }
  }

  @Test func holdButForKnownExceptions() throws {
    var finding = Finding()
    for setup in PropertyTests.firstFamilies {
      let renderer = try setup.renderer()
      var generator = ConversationGenerator(seed: 42)
      for _ in 0..<60 {
        let messages = generator.next()
        for index in messages.indices where messages[index].role == Role.assistant {
          try check(renderer, setup.label, Array(messages[...index]), &finding)
        }
      }
    }
    #expect(finding.kept > 1000)
    #expect(
      finding.faults.isEmpty,
      "\(finding.faults.count) breaks without an explanation; \(finding.faults.prefix(60).joined(separator: "\n"))"
    )
    for (index, row) in KnownException.all.enumerated() where !finding.explained.contains(index) {
      Issue.record("no conversation meets the exception: \(row.renderers) \(row.why)")
    }
  }

  private func check(
    _ renderer: Renderer, _ label: String, _ messages: [Message], _ finding: inout Finding
  ) throws {
    let before = Array(messages.dropLast())
    guard
      let whole = try? renderer.supervisedExample(for: messages, trainOn: .allAssistantMessages),
      let prompt = try? renderer.generationPrompt(for: before)
    else { return }
    let isPrefix = whole.tokens.starts(with: prompt.tokens)
    finding.note(isPrefix, .promptIsPrefix, of: label, in: messages)
    if let example = try? renderer.supervisedExample(for: messages) {
      let trained = zip(example.tokens, example.weights).filter { $0.1 == 1 }.map(\.0)
      let parsed = try? renderer.parse(trained)
      let back = parsed.map { Self.normalized($0.message) }
      finding.note(
        back == messages.last.map(Self.normalized) && parsed?.termination.isClean == true,
        .parsesBack, of: label, in: messages)
    }
    if renderer.hasExtensionProperty {
      finding.note(try extends(renderer, messages), .extends, of: label, in: messages)
    }
  }

  /// Whether each prompt with its answer is a prefix of the prompt for the next answer.
  private func extends(_ renderer: Renderer, _ messages: [Message]) throws -> Bool {
    var last: [UInt32] = []
    for index in messages.indices where messages[index].role == Role.assistant {
      let prompt = try renderer.generationPrompt(for: Array(messages[..<index])).tokens
      if !prompt.starts(with: last) { return false }
      last = try renderer.supervisedExample(
        for: Array(messages[...index]), trainOn: .allAssistantMessages
      ).tokens
    }
    return true
  }

  /// A message with its content as parts, neighbouring text joined, empty text dropped, and calls
  /// without ids; as text, so that scalars are compared and not characters.
  private static func normalized(_ message: Message) -> [String] {
    var out: [String] = []
    var text = ""
    for part in message.content.asParts {
      switch part {
      case .text(let piece): text += piece
      case .thinking(let piece):
        if !text.isEmpty { out.append("text " + text) }
        text = ""
        out.append("thinking " + piece)
      case .image, .other: continue
      }
    }
    if !text.isEmpty { out.append("text " + text) }
    for call in message.toolCalls ?? [] { out.append("call \(call.name) \(call.arguments)") }
    return out.map { String(describing: Array($0.unicodeScalars)) }
  }
}
