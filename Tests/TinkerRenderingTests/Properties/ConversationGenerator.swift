import TinkerJSON
import TinkerRendering

/// Conversations from a seed: the same seed gives the same ones on every machine.
struct ConversationGenerator {
  private static let words = [
    "lake", "vier", "été", "naïve", "quarz", "漢字", "🙂", "x=1", "foo_bar", "don't", "1234", "3.5",
    "...", "A", "\n", "\n\n", "  ", "\t", "(ok)", "#", "**b**", "`c`", "да", "ñ", "end.",
    "e\u{301}", "<think>", "</think>",
  ]

  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// One conversation of one to four turns, with tools, reasoning and odd orders here and there.
  mutating func next() -> [Message] {
    var messages: [Message] = []
    if chance(40) { messages.append(.system(text())) }
    for _ in 0...below(3) {
      messages.append(.user(text()))
      if chance(8) { messages.append(.user(text())) }
      if chance(30) {
        let calls = (0...below(2)).map { index in
          ToolCall(
            id: "c\(messages.count)\(index)", name: word(of: ["f", "look_up", "g2"]),
            arguments: arguments())
        }
        messages.append(Message(role: Role.assistant, content: content(), toolCalls: calls))
        for call in calls {
          messages.append(
            Message(
              role: Role.tool, content: .text(text()), toolCallID: call.id, name: call.name))
        }
      }
      if chance(10) { continue }
      messages.append(Message(role: Role.assistant, content: content()))
      if chance(6) { messages.append(Message(role: Role.assistant, content: content())) }
    }
    return messages
  }

  /// A response: text with blocks, some of them broken.
  mutating func response() -> String {
    var out = ""
    for _ in 0...below(5) {
      switch below(6) {
      case 0: out += "<think>" + text() + (chance(80) ? "</think>" : "")
      case 1:
        out += "<tool_call>\n{\"name\": \"f\", \"arguments\": \(arguments())}\n"
        out += chance(80) ? "</tool_call>" : ""
      case 2:
        out += word(of: ["</think>", "<thi", "<tool_call>", "</tool_call>", "<think><think>"])
      default: out += text()
      }
    }
    return out
  }

  /// Words with and without white space at the ends.
  mutating func text() -> String {
    var out = ""
    for _ in 0...below(12) {
      // Tags are rare, so that most texts are plain.
      var word = word(of: Self.words)
      if word.hasPrefix("<") && chance(85) { word = "and" }
      out += word + (chance(80) ? " " : "")
    }
    if chance(4) { return out + "\n\n" }
    return chance(50) ? out : String(PythonText.strip(out[...]))
  }

  private mutating func content() -> MessageContent {
    switch below(20) {
    case 0..<8: .text(text())
    case 8..<15: .parts([.thinking(text()), .text(text())])
    case 15..<17: .parts([.text(text()), .text(text())])
    case 17: .parts([.text(text()), .thinking(text()), .text(text())])
    case 18: .text("<think>\n\(text())\n</think>\n\n\(text())")
    default: .text("")
    }
  }

  private mutating func arguments() -> String {
    var object = JSONObject()
    for index in 0..<below(3) {
      let value: JSONValue =
        switch below(4) {
        case 0: .string(JSONString(text()))
        case 1: .number(.integer(below(1000)))
        case 2: .number(.double(Double(below(1000)) / 8))
        default: [.bool(chance(50)), nil]
        }
      object["k\(index)"] = value
    }
    return JSONValue.object(object).serialized(.python)
  }

  private mutating func word(of words: [String]) -> String { words[below(words.count)] }

  private mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  private mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return Int((value ^ value >> 31) % UInt64(bound))
  }
}
