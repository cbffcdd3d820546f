import TinkerJSON
import TinkerTemplate

/// A template with everything but the conversation: variables, date, special tokens.
struct TemplateProgram: Sendable {
  let template: ChatTemplate
  let variables: JSONObject
  let date: TemplateDate?

  /// Renders a conversation, or its first messages.
  func render(
    _ messages: [JSONValue], tools: [JSONValue]?, addsPrompt: Bool
  ) throws(TemplateError) -> RenderedTemplate {
    var all: JSONObject = [
      "messages": .array(messages), "tools": tools.map { .array($0) } ?? .null,
      "documents": .null, "add_generation_prompt": .bool(addsPrompt),
    ]
    for (key, value) in variables { all.set(key, to: value) }
    return try template.render(all, date: date)
  }

  // MARK: Probes

  private static let question: JSONValue = ["role": "user", "content": "Qu1"]

  /// The output for a question and an answer; `nil` where the template refuses them.
  private func probe(_ answer: JSONObject) -> RenderedTemplate? {
    try? render([Self.question, .object(answer)], tools: nil, addsPrompt: false)
  }

  private static func call(_ arguments: JSONValue) -> JSONObject {
    [
      "role": "assistant", "content": "",
      "tool_calls": [
        [
          "type": "function", "id": "call00001",
          "function": ["name": "f1nd", "arguments": arguments],
        ]
      ],
    ]
  }

  /// What the template takes.
  var form: TemplateConversation.Form {
    var form = TemplateConversation.Form()
    for key in ["reasoning_content", "thinking", "reasoning"] {
      let answer: JSONObject = ["role": "assistant", "content": "An1", key: "Th1nk"]
      if probe(answer)?.text.contains("Th1nk") == true {
        form.reasoning = .key(key)
        break
      }
    }
    if form.reasoning == .none, template.source.contains("</think>") { form.reasoning = .inline }
    let shown = probe(Self.call(["k3y": "v4l"]))?.text
    let isShown = shown?.contains("v4l") == true && shown?.contains("'v4l'") == false
    if !isShown, let text = probe(Self.call("{\"k3y\": \"v4l\"}"))?.text, text.contains("v4l") {
      form.takesArgumentObjects = false
    }
    return form
  }

  /// What follows an answer, and what follows a call; each `nil` where the template has none.
  var tails: [String] {
    var out: [String] = []
    if let rendered = probe(["role": "assistant", "content": "An1"]) {
      out += rendered.text(behind: "An1").map { [$0] } ?? []
    }
    for arguments: JSONValue in [["k3y": "v4l"], "{\"k3y\": \"v4l\"}"] {
      if let rendered = probe(Self.call(arguments)), let tail = rendered.text(behind: "v4l") {
        out.append(tail)
        break
      }
    }
    return out
  }

  /// What asks for an answer to a question.
  var promptSuffix: String? {
    guard let without = try? render([Self.question], tools: nil, addsPrompt: false),
      let with = try? render([Self.question], tools: nil, addsPrompt: true),
      with.bytes.starts(with: without.bytes)
    else { return nil }
    return String(decoding: with.bytes[without.bytes.count...], as: UTF8.self)
  }

  /// Whether prompts are prefixes of later ones, in a conversation with reasoning.
  func extends(_ form: TemplateConversation.Form) -> Bool {
    var answer: JSONObject = ["role": "assistant", "content": "An1"]
    switch form.reasoning {
    case .key(let key): answer[key] = "Th1nk"
    case .inline: answer["content"] = "<think>\nTh1nk\n</think>\n\nAn1"
    case .none: break
    }
    let messages: [JSONValue] = [Self.question, .object(answer), Self.question, .object(answer)]
    guard let whole = try? render(messages, tools: nil, addsPrompt: false) else { return false }
    guard let turn = try? render(Array(messages[..<2]), tools: nil, addsPrompt: false).bytes else {
      return false
    }
    let end = turn.lastIndex { $0 != 0x0A && $0 != 0x20 } ?? 0
    if !whole.bytes.starts(with: turn[...end]) { return false }
    for count in [1, 3] {
      guard
        let prompt = try? render(Array(messages[..<count]), tools: nil, addsPrompt: true),
        whole.bytes.starts(with: prompt.bytes)
      else { return false }
    }
    return true
  }
}

extension RenderedTemplate {
  /// The output behind the last place of a text.
  fileprivate func text(behind marker: String) -> String? {
    let places = ByteSearch.places(of: marker, in: bytes.span)
    guard let last = places.last else { return nil }
    return String(decoding: bytes[(last + marker.utf8.count)...], as: UTF8.self)
  }
}
