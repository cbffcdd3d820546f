import TinkerJSON

extension DSML {
  private static let invokeOpen = "<｜DSML｜ invoke name=\""
  private static let invokeClose = "</｜DSML｜ invoke>"
  private static let parameterOpen = "<｜DSML｜ parameter name=\""
  private static let parameterClose = "</｜DSML｜ parameter>"

  /// Reads reasoning and the block of calls, which ends a response.
  static func message(from text: String) -> Message {
    var content = text[...]
    var calls: [ToolCall] = []
    var unparsed: [UnparsedToolCall] = []
    if let block = text.between(callsOpen, callsClose, from: text.startIndex) {
      // Two newlines before the block belong to it.
      let before = text[..<block.outer.lowerBound]
      content = before.removing(suffix: "\n\n") ?? before
      let raw = text[content.endIndex..<block.outer.upperBound]
      (calls, unparsed) = readInvokes(in: text[block.inner], raw: raw)
      let after = text[block.outer.upperBound...]
      if !PythonText.isBlank(after) {
        unparsed.append(
          UnparsedToolCall(
            rawText: String(after), error: "Invalid DSML: output after calls block"))
      }
    }
    let rest = String(content)
    if let open = UnterminatedBlock.detect(in: rest, open: callsOpen, close: callsClose) {
      unparsed.append(open)
    } else if ByteSearch.contains("｜DSML｜", in: rest.utf8.span) {
      unparsed.append(
        UnparsedToolCall(rawText: rest, error: "Invalid DSML: marker outside a calls block"))
    }
    return Message(
      role: Role.assistant,
      content: ContentBlocks(rest, readsCalls: false).map { .parts($0.parts) } ?? .text(rest),
      toolCalls: calls.isEmpty ? nil : calls,
      unparsedToolCalls: unparsed.isEmpty ? nil : unparsed)
  }

  private static func readInvokes(
    in body: Substring, raw: Substring
  ) -> ([ToolCall], [UnparsedToolCall]) {
    var calls: [ToolCall] = []
    var unparsed: [UnparsedToolCall] = []
    var place = body.startIndex
    var isBroken = false
    var count = 0
    while let invoke = body.tagged(invokeOpen, ["\">\n"], invokeClose, from: place) {
      isBroken = isBroken || !PythonText.isBlank(body[place..<invoke.outer.lowerBound])
      place = invoke.outer.upperBound
      count += 1
      switch call(invoke.name, parameters: body[invoke.inner]) {
      case .success(let call): calls.append(call)
      case .failure(let fault):
        unparsed.append(
          UnparsedToolCall(
            rawText: String(body[invoke.outer]), error: "Invalid DSML: \(fault.message)"))
      }
    }
    if count == 0 || isBroken || !PythonText.isBlank(body[place...]) {
      return (
        [],
        [UnparsedToolCall(rawText: String(raw), error: "Invalid DSML: malformed invoke")]
      )
    }
    return (calls, unparsed)
  }

  private static func call(
    _ name: Substring, parameters text: Substring
  ) -> Result<ToolCall, ToolCallJSON.Fault> {
    if PythonText.isBlank(name) { return .failure(.init(message: "empty function name")) }
    if hasTextOutside(of: text) { return .failure(.init(message: "text outside parameters")) }
    var arguments = JSONObject()
    var place = text.startIndex
    while let parameter = nextParameter(in: text, from: place) {
      place = parameter.outer.upperBound
      let key = JSONString(String(parameter.name))
      if PythonText.isBlank(parameter.name) {
        return .failure(.init(message: "empty parameter name"))
      }
      if arguments[key] != nil {
        let shown = PythonRepresentation.repr(String(parameter.name))
        return .failure(.init(message: "duplicate parameter \(shown)"))
      }
      let value = String(text[parameter.inner])
      if parameter.isString {
        arguments.set(key, to: .string(JSONString(value)))
      } else {
        do { arguments.set(key, to: try JSONValue.parse(value)) } catch {
          return .failure(.init(message: error.description))
        }
      }
    }
    return .success(
      ToolCall(name: String(name), arguments: JSONValue.object(arguments).serialized()))
  }

  private static func hasTextOutside(of text: Substring) -> Bool {
    var place = text.startIndex
    while let parameter = nextParameter(in: text, from: place) {
      if !PythonText.isBlank(text[place..<parameter.outer.lowerBound]) { return true }
      place = parameter.outer.upperBound
    }
    return !PythonText.isBlank(text[place...])
  }

  private struct Parameter {
    let name: Substring
    let isString: Bool
    let inner: Range<String.Index>
    let outer: Range<String.Index>
  }

  private static func nextParameter(in text: Substring, from start: String.Index) -> Parameter? {
    let ends = ["\" string=\"true\">", "\" string=\"false\">"]
    guard let found = text.tagged(parameterOpen, ends, parameterClose, from: start) else {
      return nil
    }
    return Parameter(
      name: found.name, isString: found.end == ends[0], inner: found.inner, outer: found.outer)
  }
}
