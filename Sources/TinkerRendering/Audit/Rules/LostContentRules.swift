import TinkerJSON
import TinkerTokenizer

/// What a message has and its tokens have not.
enum LostContentRules {
  static func check(_ audited: AuditedExample, _ list: inout FindingList) {
    if list.wants(.reasoningDropped) {
      for message in audited.trainedAnswers where losesReasoning(message, in: audited) {
        list.add(
          .reasoningDropped, "the answer is trained without the reasoning that led to it",
          at: audited.place(message: message, field: "content"))
      }
    }
    if list.wants(.imageCountMismatch) { checkImages(audited, &list) }
  }

  /// Whether a message has reasoning and its tokens have none of it.
  static func losesReasoning(_ message: Int, in audited: AuditedExample) -> Bool {
    guard let reasoning = reasoning(of: audited.context.messages[message]) else { return false }
    let segments = audited.segments(of: message)
    if segments.contains(where: { $0.kind == .thinking && !$0.range.isEmpty }) { return false }
    // Inline reasoning is content to some families.
    var tokens: [UInt32] = []
    for segment in segments where segment.kind != .header && segment.kind != .image {
      tokens += audited.example.tokens[segment.range]
    }
    return !audited.context.renderer.tokenizer.decode(tokens).contains(reasoning)
  }

  /// The beginning of a message's reasoning, or `nil`.
  private static func reasoning(of message: Message) -> Substring? {
    switch message.content {
    case .parts(let parts):
      for part in parts {
        guard case .thinking(let text) = part else { continue }
        let stripped = PythonText.strip(text[...])
        if !stripped.isEmpty { return PythonText.prefix(stripped, scalars: 64) }
      }
      return nil
    case .text(let text):
      let bytes = text.utf8
      guard let open = ByteSearch.first("<think>".utf8.span, in: bytes.span, from: 0) else {
        return nil
      }
      let start = open + "<think>".utf8.count
      guard let close = ByteSearch.first("</think>".utf8.span, in: bytes.span, from: start) else {
        return nil
      }
      let inner = String(decoding: bytes.dropFirst(start).prefix(close - start), as: UTF8.self)
      let stripped = PythonText.strip(inner[...])
      return stripped.isEmpty ? nil : PythonText.prefix(stripped, scalars: 64)
    }
  }

  /// Every image of a message is in the example.
  private static func checkImages(_ audited: AuditedExample, _ list: inout FindingList) {
    for index in 0..<audited.end {
      guard case .parts(let parts) = audited.context.messages[index].content else { continue }
      let given = parts.count(where: \.isImage)
      if given == 0 { continue }
      let written = audited.segments(of: index).count { $0.kind == .image }
      if given == written { continue }
      list.add(
        .imageCountMismatch,
        "the message has \(given) images, and \(audited.context.renderer.name) wrote \(written)",
        at: audited.place(message: index, field: "content"))
    }
  }
}
