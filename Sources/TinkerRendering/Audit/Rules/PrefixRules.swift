/// Whether what is trained is what would be sampled: each answer behind its own prompt.
///
/// These rules render again: a prompt for each trained answer, and for `history-changes` an example
/// for each answer that another follows.
struct PrefixRules: ~Copyable {
  private var prompt = RenderedPrompt()
  private var earlier = SupervisedExample()

  /// Whether the prompt for each trained answer is how the example begins.
  mutating func check(
    _ audited: AuditedExample, session: inout RenderSession, _ list: inout FindingList
  ) {
    guard list.wants(.notAPrefix) else { return }
    for index in audited.trainedAnswers {
      let before = Array(audited.context.messages[..<index])
      do throws(RenderingError) {
        try session.generationPrompt(for: before, into: &prompt)
      } catch { continue }
      let tokens = audited.example.tokens
      if tokens.starts(with: prompt.tokens) { continue }
      let place = Self.sameCount(prompt.tokens, tokens)
      list.add(
        .notAPrefix,
        "the prompt for this answer goes on with \(audited.context.quoted(prompt.tokens.dropFirst(place))) "
          + "where the example has \(audited.context.quoted(tokens.dropFirst(place)))",
        at: audited.place(message: index, tokens: place..<min(place + 1, tokens.count)))
    }
  }

  /// Whether each answer stays as it was when a later turn is asked for.
  mutating func checkHistory(
    of context: AuditContext, cuts: [ExampleCut], session: inout RenderSession,
    _ list: inout FindingList
  ) {
    guard list.wants(.historyChanges) else { return }
    var messages = context.messages
    for index in messages.indices { messages[index].trainable = nil }
    let answers = messages.indices.filter { messages[$0].role == Role.assistant }
    for (index, next) in zip(answers, answers.dropFirst()) {
      do throws(RenderingError) {
        try session.supervisedExample(
          for: Array(messages[...index]), trainOn: .allAssistantMessages, into: &earlier)
        try session.generationPrompt(for: Array(messages[..<next]), into: &prompt)
      } catch { continue }
      // The end of a message may be written otherwise where another follows.
      var end = earlier.tokens.count
      for segment in earlier.segments.reversed() {
        guard segment.kind == .stop || segment.range.isEmpty else { break }
        end = segment.range.lowerBound
      }
      let place = Self.sameCount(earlier.tokens[..<end], prompt.tokens)
      if place == end { continue }
      // Where each answer has an example of its own, it is trained as it was sampled.
      let isSplit = cuts.count > 1
      list.add(
        .historyChanges,
        "a later turn changes this answer: \(context.quoted(earlier.tokens.dropFirst(place))) becomes "
          + "\(context.quoted(prompt.tokens.dropFirst(place)))"
          + (isSplit ? "; each answer has an example of its own" : ""),
        severity: isSplit ? .note : nil,
        at: Finding.Place(
          message: context.recordIndex(of: index), tokens: place..<min(place + 1, end)))
    }
  }

  private static func sameCount(
    _ left: some Collection<UInt32>, _ right: some Collection<UInt32>
  ) -> Int {
    var count = 0
    for (a, b) in zip(left, right) {
      if a != b { break }
      count += 1
    }
    return count
  }
}
