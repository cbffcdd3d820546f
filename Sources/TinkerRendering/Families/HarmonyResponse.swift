import TinkerJSON

/// Responses in the Harmony format: messages in channels, some of them addressed to functions.
enum HarmonyResponse {
  private static let messageMarker = "<|message|>"
  private static let startMarker = "<|start|>"
  private static let ends = ["<|end|>", "<|call|>", "<|return|>"]
  private static let recipientPrefix = "functions."

  /// Reads the messages of a response: analysis is reasoning, final and commentary are text.
  static func message(from text: String) -> Message {
    var parts: [ContentPart] = []
    var calls: [ToolCall] = []
    var unparsed: [UnparsedToolCall] = []
    for message in messages(in: text) where !PythonText.isBlank(message.body) {
      if let name = message.recipient?.removing(prefix: recipientPrefix) {
        do {
          _ = try JSONValue.parse(String(message.body))
          let arguments = String(PythonText.strip(message.body))
          calls.append(ToolCall(name: String(name), arguments: arguments))
        } catch {
          unparsed.append(
            UnparsedToolCall(
              rawText: String(message.raw), error: "Invalid JSON: \(error.description)"))
        }
        continue
      }
      switch message.channel {
      case "analysis": parts.append(.thinking(String(message.body)))
      case "final", "commentary": parts.append(.text(String(message.body)))
      default: continue
      }
    }
    if let dangling = danglingCall(in: text, found: calls.count + unparsed.count) {
      unparsed.append(dangling)
    }
    return Message(
      role: Role.assistant, content: parts.isEmpty ? .text(text) : .parts(parts),
      toolCalls: calls.isEmpty ? nil : calls,
      unparsedToolCalls: unparsed.isEmpty ? nil : unparsed)
  }

  /// A header that names a function and led to no call.
  private static func danglingCall(in text: String, found: Int) -> UnparsedToolCall? {
    let span = text.utf8.span
    guard ByteSearch.places(of: "to=functions.", in: span).count > found else { return nil }
    let start = ByteSearch.places(of: startMarker, in: span).last ?? 0
    return UnparsedToolCall(
      rawText: String(text[text.utf8.index(text.startIndex, offsetBy: start)...]),
      error: UnterminatedBlock.errorStart
        + ": 'to=functions.' tool-call header without a parsable arguments payload")
  }

  private struct HarmonyMessage {
    let channel: Substring?
    let recipient: Substring?
    let body: Substring
    let raw: Substring
  }

  private static func messages(in text: String) -> [HarmonyMessage] {
    var messages: [HarmonyMessage] = []
    var place = text.startIndex
    while let marker = text.place(of: messageMarker, from: place) {
      let headerStart = lastStart(in: text[place..<marker]) ?? place
      let header = text[headerStart..<marker]
      let bodyStart = text.utf8Index(marker, behind: messageMarker)
      let end = ends.compactMap { end in
        text.place(of: end, from: bodyStart).map { (place: $0, marker: end) }
      }.min { $0.place < $1.place }
      let bodyEnd = end?.place ?? text.endIndex
      let rawEnd = end.map { text.utf8Index($0.place, behind: $0.marker) } ?? text.endIndex
      messages.append(
        HarmonyMessage(
          channel: word(behind: "<|channel|>", in: header),
          recipient: word(behind: "to=", in: header),
          body: text[bodyStart..<bodyEnd], raw: text[headerStart..<rawEnd]))
      place = rawEnd
    }
    return messages
  }

  private static func lastStart(in text: Substring) -> String.Index? {
    var last: String.Index?
    var place = text.startIndex
    while let found = text.place(of: startMarker, from: place) {
      last = found
      place = text.utf8Index(found, behind: startMarker)
    }
    return last
  }

  /// What stands behind the first marker that a word follows, up to white space or `<`.
  private static func word(behind marker: String, in text: Substring) -> Substring? {
    var place = text.startIndex
    while let found = text.place(of: marker, from: place) {
      place = text.utf8Index(found, behind: marker)
      let word = text[place...].unicodeScalars.prefix { $0 != "<" && !PythonText.isSpace($0) }
      if !word.isEmpty { return Substring(word) }
    }
    return nil
  }
}
