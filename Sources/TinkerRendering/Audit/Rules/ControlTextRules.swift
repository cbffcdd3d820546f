import TinkerTokenizer

/// Control tokens where text should be.
enum ControlTextRules {
  static func check(_ audited: AuditedExample, _ list: inout FindingList) {
    checkBeginning(audited, &list)
    checkContent(audited, &list)
    if audited.context.renderer.mode != .reference { checkEscaped(audited, &list) }
  }

  /// The template writes the beginning of a sequence once, and nobody else does.
  private static func checkBeginning(_ audited: AuditedExample, _ list: inout FindingList) {
    guard list.wants(.doubleBOS) else { return }
    let renderer = audited.context.renderer
    // A tokenizer without such a token spells it in letters, which may come as often as they like.
    guard let first = renderer.beginning.last ?? renderer.tokenizer.beginningOfSequence?.id,
      renderer.tokenizer.isAdded(first)
    else { return }
    var places: [Int] = []
    for (index, token) in audited.example.tokens.enumerated() where token == first {
      places.append(index)
    }
    guard places.count > 1 else { return }
    let name = renderer.tokenizer.token(for: first) ?? String(first)
    list.add(
      .doubleBOS, "\(name) stands \(places.count) times; it begins a sequence and comes once",
      at: audited.place(tokens: places[1]..<places[1] + 1))
  }

  /// One finding for each message and token.
  private static func checkContent(_ audited: AuditedExample, _ list: inout FindingList) {
    guard list.wants(.specialTokenInContent) else { return }
    let tokenizer = audited.context.renderer.tokenizer
    var reported: Set<[Int]> = []
    for segment in audited.example.segments
    where segment.isContent && segment.kind != .image && !segment.range.isEmpty {
      for position in segment.range {
        let token = audited.example.tokens[position]
        guard tokenizer.isAdded(token) else { continue }
        let isSpecial = tokenizer.isSpecial(token)
        let message = segment.message ?? -1
        // Tags that are not special are an assistant's own way of writing, and a declaration's.
        if !isSpecial, !isForeign(message, in: audited) { continue }
        guard reported.insert([message, Int(token)]).inserted else { continue }
        let name = tokenizer.token(for: token) ?? String(token)
        list.add(
          .specialTokenInContent,
          "the text \(name) became the control token \(token); the model cannot tell it from the "
            + "template's",
          severity: isSpecial ? .error : .warning,
          at: audited.place(
            message: segment.message, field: "content", tokens: position..<position + 1))
      }
    }
  }

  /// What stays text in this mode, and would be a control token otherwise. One for each message.
  private static func checkEscaped(_ audited: AuditedExample, _ list: inout FindingList) {
    guard list.wants(.specialTokenInContent) else { return }
    let tokenizer = audited.context.renderer.tokenizer
    var reported: Set<Int?> = []
    for segment in audited.example.segments
    where segment.isContent && segment.kind != .image && !segment.range.isEmpty {
      let text = tokenizer.decode(Array(audited.example.tokens[segment.range]))
      guard let token = tokenizer.encode(text).first(where: { tokenizer.isAdded($0) }),
        !audited.example.tokens[segment.range].contains(token),
        reported.insert(segment.message).inserted
      else { continue }
      let name = tokenizer.token(for: token) ?? String(token)
      list.add(
        .specialTokenInContent,
        "the text \(name) stays text; where it matched it would be the control token \(token)",
        severity: .note,
        at: audited.place(message: segment.message, field: "content", tokens: segment.range))
    }
  }

  /// Whether the message is text from outside: neither an assistant's nor a declaration of tools.
  private static func isForeign(_ message: Int, in audited: AuditedExample) -> Bool {
    let context = audited.context
    guard message >= context.declaredCount, message < audited.end else { return false }
    let role = context.messages[message].role
    return role == Role.user || role == Role.tool
  }
}
