import TinkerJSON

/// Dates that are another day's when the model serves.
enum DateRule {
  private static let phrases = [
    "today's date", "today date", "today is", "current date", "the date is",
  ]

  static func check(_ message: Message, _ index: Int, _ list: inout FindingList) {
    guard message.role == Role.system || message.role == "developer" else { return }
    let text = message.content.joinedText
    let bytes = text.utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    for phrase in phrases {
      guard let start = ByteSearch.first(phrase.utf8.span, in: bytes.span, from: 0) else {
        continue
      }
      let rest = bytes[(start + phrase.utf8.count)...].prefix(40)
      guard rest.contains(where: { $0 >= 0x30 && $0 <= 0x39 }) else { continue }
      let around = String(decoding: text.utf8.dropFirst(start).prefix(48), as: UTF8.self)
      list.add(
        .dateDependent, "the prompt names a day: \(AuditContext.quoted(around, limit: 48))",
        at: Finding.Place(message: index, field: "content"))
      return
    }
  }

  /// The option of a renderer that writes a date into every prompt.
  static func check(_ renderer: Renderer) -> Finding? {
    guard let date = renderer.options["current_date"]?.text else { return nil }
    return Finding(
      .dateDependent,
      "\(renderer.name) writes the date \(date) into every prompt; serve with the same date",
      at: Finding.Place(field: "current_date"))
  }
}
