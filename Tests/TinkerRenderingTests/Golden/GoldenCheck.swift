import TinkerJSON
import TinkerRendering

/// Holds a renderer against the rows of a golden file and counts.
struct GoldenCheck {
  /// The reference's error classes and the kinds that answer them.
  private static let kinds: [String: Set<String>] = [
    "NotImplementedError": ["unsupported"],
    "RendererError": ["conversation", "response"],
    "AssertionError": ["conversation"], "JSONDecodeError": ["conversation"],
    "AttributeError": ["conversation"], "IndexError": ["conversation"],
    "ValueError": ["conversation", "request"], "TypeError": ["conversation"],
    "KeyError": ["conversation"],
  ]

  private let renderer: Renderer
  private let file: String
  private(set) var passed = 0
  private(set) var differences: [String] = []

  init(_ renderer: Renderer, file: String) {
    self.renderer = renderer
    self.file = file
  }

  mutating func check(info row: JSONValue) {
    compare("info stop", row["stop"] ?? .null, JSONForms.stop(renderer.stopSequences))
    compare(
      "info bos", row["bos"] ?? .null,
      .array(renderer.beginning.map { .number(.integer(Int($0))) }))
    compare(
      "info extension", row["has_extension_property"] ?? .null,
      .bool(renderer.hasExtensionProperty))
    compare("info thinking", row["disables_thinking"] ?? .null, .bool(renderer.disablesThinking))
    compare("info streaming", row["supports_streaming"] ?? .null, .bool(renderer.supportsStreaming))
  }

  mutating func check(_ row: JSONValue) throws {
    let place = row["id"]?.text ?? "?"
    switch row["kind"]?.text {
    case "conversation": try check(conversation: row, at: place)
    case "parse":
      let tokens = Self.ids(row["tokens"])
      checkParse(tokens, row["result"] ?? .null, "\(place) parse")
      checkStream(tokens, row["stream"], "\(place) stream")
    case "tools": try check(tools: row, at: place)
    default: differences.append("\(file)/\(place): unknown kind")
    }
  }

  // MARK: Conversations

  private mutating func check(conversation row: JSONValue, at place: String) throws {
    let list = row["messages"]?.array ?? []
    let messages = try list.map { try Message(json: $0) }
    var flagged = messages
    for (index, flag) in (row["trainable"]?.array ?? []).enumerated() {
      flagged[index].trainable = flag.bool
    }
    let renderer = renderer
    for (mode, weights) in row["supervised"]?["weights"]?.object ?? [:] {
      guard let trainOn = TrainOn(rawValue: mode.description) else { continue }
      let given = trainOn == .customized ? flagged : messages
      var expected = weights
      if weights.array != nil {
        expected = ["chunks": row["supervised"]?["chunks"] ?? .null, "weights": weights]
      }
      judge("\(place) supervised \(mode)", expected) { () throws(RenderingError) in
        JSONForms.example(try renderer.supervisedExample(for: given, trainOn: trainOn))
      }
      var several = row["examples"]?[mode.description] ?? .null
      if several == "same" { several = expected["error"] == nil ? [expected] : expected }
      judge("\(place) examples \(mode)", several) { () throws(RenderingError) in
        .array(
          try renderer.supervisedExamples(for: given, trainOn: trainOn).map(JSONForms.example))
      }
    }
    for prompt in row["prompts"]?.array ?? [] {
      let count = prompt["upto"]?.int ?? 0
      judge("\(place) prompt \(count)", prompt["chunks"] ?? .null) { () throws(RenderingError) in
        JSONForms.chunks(
          try renderer.generationPrompt(
            for: Array(messages[..<count]), role: prompt["role"]?.text ?? Role.assistant,
            prefill: prompt["prefill"]?.text))
      }
    }
    if let openAI = row["openai"], openAI["omitted"] == nil {
      judge("\(place) openai", openAI) { () throws(RenderingError) in
        var out: [JSONValue] = []
        for message in messages { out.append(try renderer.openAIMessage(message)) }
        return .array(out)
      }
    }
    let flat = (row["supervised"]?["chunks"]?.array ?? []).flatMap(Self.ids)
    let completion = Array(flat.suffix(row["completion"]?.int ?? 0))
    for parse in row["parse"]?.array ?? [] {
      let count = parse["take"]?.int ?? 0
      checkParse(
        Array(completion[..<count]), parse["result"] ?? .null, "\(place) parse \(count)")
    }
    checkStream(completion, row["stream"], "\(place) stream")
  }

  private mutating func check(tools row: JSONValue, at place: String) throws {
    let renderer = renderer
    let system = row["system"]?.text ?? ""
    judge("\(place) tools", row["messages"] ?? .null) { () throws(RenderingError) in
      var tools: [ToolSpec] = []
      for tool in row["tools"]?.array ?? [] { tools.append(try ToolSpec(json: tool)) }
      var out: [JSONValue] = []
      for message in try renderer.toolDeclaration(tools: tools, systemPrompt: system) {
        out.append(try JSONForms.message(message))
      }
      return .array(out)
    }
    guard let prompt = row["prompt"] else { return }
    judge("\(place) tools prompt", prompt) { () throws(RenderingError) in
      var messages: [Message] = []
      for message in row["messages"]?.array ?? [] { messages.append(try Message(json: message)) }
      return JSONForms.chunks(try renderer.generationPrompt(for: messages + [.user("Go.")]))
    }
  }

  // MARK: Responses

  private mutating func checkParse(_ tokens: [UInt32], _ expected: JSONValue, _ place: String) {
    let renderer = renderer
    judge(place, expected) { () throws(RenderingError) in
      try JSONForms.parsed(try renderer.parse(tokens))
    }
  }

  private mutating func checkStream(_ tokens: [UInt32], _ expected: JSONValue?, _ place: String) {
    guard let expected else { return }
    let renderer = renderer
    judge(place, expected) { () throws(RenderingError) in
      try JSONForms.deltas(try renderer.stream(tokens))
    }
  }

  // MARK: Judging

  private mutating func judge(
    _ place: String, _ expected: JSONValue, _ body: () throws(RenderingError) -> JSONValue
  ) {
    let errorClass = expected["error"]?["class"]?.text
    do throws(RenderingError) {
      let found = try body()
      // The reference fails on an empty list where we return one.
      if errorClass == "IndexError", found == [] {
        passed += 1
      } else {
        compare(place, expected, found)
      }
    } catch {
      if let errorClass, Self.kinds[errorClass]?.contains(error.kindName) == true {
        passed += 1
      } else {
        compare(place, expected, .string(JSONString("error \(error.kindName): \(error)")))
      }
    }
  }

  private mutating func compare(_ place: String, _ expected: JSONValue, _ found: JSONValue) {
    let (want, got) = (expected.serialized(.compact), found.serialized(.compact))
    if want == got, want.utf8.elementsEqual(got.utf8) {
      passed += 1
      return
    }
    let same = zip(want.utf8, got.utf8).prefix { $0 == $1 }.count
    let from = max(0, same - 60)
    let excerpt = { (text: String) in
      String(decoding: Array(text.utf8).dropFirst(from).prefix(220), as: UTF8.self)
    }
    differences.append("\(file)/\(place)\n  want \(excerpt(want))\n  got  \(excerpt(got))")
  }

  private static func ids(_ value: JSONValue?) -> [UInt32] {
    (value?.array ?? []).compactMap { $0.int.map { UInt32($0) } }
  }
}
