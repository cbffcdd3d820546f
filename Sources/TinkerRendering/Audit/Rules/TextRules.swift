import TinkerJSON

/// What can be seen of the texts of the messages.
enum TextRules {
  static func check(_ messages: [Message], _ list: inout FindingList) {
    for (index, message) in messages.enumerated() {
      if list.wants(.unicodeReplacement) { checkReplacement(message, index, &list) }
      if list.wants(.emptyAssistant) { checkEmpty(message, index, &list) }
      if list.wants(.imageCountMismatch) { checkImageMarks(message, index, &list) }
      if list.wants(.dateDependent) { DateRule.check(message, index, &list) }
    }
  }

  // MARK: Lost bytes

  private static func checkReplacement(
    _ message: Message, _ index: Int, _ list: inout FindingList
  ) {
    func note(_ text: String, _ field: String) {
      guard let place = ByteSearch.first("\u{FFFD}".utf8.span, in: text.utf8.span, from: 0) else {
        return
      }
      let before = String(decoding: text.utf8.prefix(place).suffix(24), as: UTF8.self)
      list.add(
        .unicodeReplacement,
        "U+FFFD stands behind \(AuditContext.quoted(before)): bytes of the text were lost",
        at: Finding.Place(message: index, field: field))
    }
    switch message.content {
    case .text(let text): note(text, "content")
    case .parts(let parts):
      for (part, content) in parts.enumerated() {
        switch content {
        case .text(let text), .thinking(let text): note(text, "content[\(part)]")
        case .image, .other: continue
        }
      }
    }
    for (number, call) in (message.toolCalls ?? []).enumerated() {
      note(call.arguments, "tool_calls[\(number)].function.arguments")
    }
  }

  // MARK: Nothing said

  private static func checkEmpty(_ message: Message, _ index: Int, _ list: inout FindingList) {
    guard message.role == Role.assistant, !message.hasToolCalls else { return }
    var reasons = false
    for part in message.content.asParts {
      switch part {
      case .text(let text): if !PythonText.isBlank(text[...]) { return }
      case .thinking(let text): reasons = reasons || !PythonText.isBlank(text[...])
      case .image, .other: return
      }
    }
    list.add(
      .emptyAssistant,
      reasons
        ? "the assistant reasons and then says nothing"
        : "the assistant says nothing: no text and no tool call",
      at: Finding.Place(message: index, field: "content"))
  }

  // MARK: Marks of images

  /// What data sets write where an image belongs.
  private static let marks = ["<image>", "<|image_pad|>", "<|image|>"]

  private static func checkImageMarks(
    _ message: Message, _ index: Int, _ list: inout FindingList
  ) {
    var images = 0
    var found = 0
    var mark = ""
    for part in message.content.asParts {
      switch part {
      case .image: images += 1
      case .text(let text):
        // All marks begin so; most texts have none.
        guard ByteSearch.contains("<", in: text.utf8.span) else { continue }
        for candidate in marks {
          let count = ByteSearch.places(of: candidate, in: text.utf8.span).count
          if count > 0 { mark = candidate }
          found += count
        }
      case .thinking, .other: continue
      }
    }
    guard found > 0, found != images else { return }
    list.add(
      .imageCountMismatch,
      "the text has \(found) of the mark \(mark), and the message has \(images) images",
      at: Finding.Place(message: index, field: "content"))
  }
}
