/// What the weights say about an example.
enum LossRules {
  static func check(_ audited: AuditedExample, _ list: inout FindingList) {
    let example = audited.example
    var trained = 0
    var untrained = 0
    for segment in example.segments where segment.kind != .bos {
      if segment.weight > 0 {
        trained += segment.range.count
      } else {
        untrained += segment.range.count
      }
    }
    if trained == 0 {
      list.add(
        .noLoss, "none of the \(example.tokens.count) tokens is trained", at: audited.place())
      return
    }
    if untrained == 0 {
      list.add(
        .allLoss, "all \(trained) tokens are trained, also what the model is given",
        at: audited.place())
    }
    checkStops(audited, &list)
    checkSampled(audited, &list)
  }

  /// A trained answer trains its end too, or the model learns to go on for ever.
  private static func checkStops(_ audited: AuditedExample, _ list: inout FindingList) {
    guard list.wants(.missingStopInLoss) else { return }
    var stops: [UInt32] = []
    if case .tokens(let tokens) = audited.context.renderer.stopSequences { stops = tokens }
    for message in audited.trainedAnswers {
      let trained = audited.segments(of: message).filter {
        $0.kind != .header && $0.weight > 0 && !$0.range.isEmpty
      }
      guard let last = trained.last else { continue }
      if trained.contains(where: { $0.kind == .stop })
        || stops.contains(audited.example.tokens[last.range.upperBound - 1])
      {
        continue
      }
      list.add(
        .missingStopInLoss,
        "the answer is trained and its end is not: the model does not learn to stop",
        at: audited.place(message: message, tokens: last.range))
    }
  }

  /// Only what the model would sample is worth training. One finding a message.
  private static func checkSampled(_ audited: AuditedExample, _ list: inout FindingList) {
    guard list.wants(.trainedNotSampled) else { return }
    var reported: Set<Int?> = []
    for segment in audited.example.segments
    where segment.weight > 0 && !segment.isSampled && !segment.range.isEmpty {
      guard reported.insert(segment.message).inserted else { continue }
      let role = segment.message.flatMap { index in
        index < audited.end ? audited.context.messages[index].role : nil
      }
      let whose = role.map { "of role \($0)" } ?? "of the template"
      let text =
        segment.kind == .image
        ? "an image" : audited.context.quoted(audited.example.tokens[segment.range])
      list.add(
        .trainedNotSampled, "\(text) \(whose) is trained, and the model would not have sampled it",
        at: audited.place(message: segment.message, tokens: segment.range))
    }
  }
}
